import type { Messages, OutcomeText } from './messages.ts';

// French as in Belgium. No-break spaces before ? ! : and inside « » are written \u00a0, so that an editor shows them.
// Where a participle would name the person's gender, the sentence speaks of the login instead.

const technicalProblem: OutcomeText = {
  heading: 'Nous rencontrons un problème technique',
  paragraphs: [
    'La connexion n’a pas fonctionné. Vous n’y êtes pour rien. Veuillez réessayer dans quelques minutes.',
    'Si le problème persiste, contactez le service auquel vous vouliez vous connecter et communiquez-lui le numéro ci-dessous.',
  ],
  retry: 'Réessayer',
};

const refused: OutcomeText = {
  heading: 'Vous avez annulé la demande dans l’appli',
  paragraphs: [
    'La connexion n’a pas eu lieu. Si ce n’était pas votre intention, réessayez.',
    'Si vous n’avez pas lancé cette connexion vous-même, vous avez bien fait.',
  ],
  retry: 'Réessayer',
};

const refusedCodeChoice: OutcomeText = {
  heading: 'Vous avez annulé lors du choix du code',
  paragraphs: [
    'L’appli vous a demandé quel code de contrôle cette page affiche et vous avez annulé à ce moment-là. La connexion n’a pas eu lieu.',
    'Si aucun des codes de l’appli n’était celui de cette page, vous avez bien fait\u00a0: quelqu’un d’autre a peut-être lancé une connexion en votre nom.',
  ],
  retry: 'Réessayer',
};

const failedAtSmartId: OutcomeText = {
  heading: 'Smart-ID n’a pas pu finaliser la connexion',
  paragraphs: ['Une erreur s’est produite chez Smart-ID. La connexion n’a pas eu lieu. Veuillez réessayer.'],
  retry: 'Réessayer',
};

const verificationFailed: OutcomeText = {
  heading: 'Nous n’avons pas pu vérifier la réponse',
  paragraphs: [
    'Nous avons reçu une réponse de Smart-ID, mais nous ne pouvons pas nous y fier. Pour votre sécurité, la connexion n’a pas eu lieu.',
    'Veuillez réessayer. Si le problème persiste, contactez le service auquel vous vouliez vous connecter et communiquez-lui le numéro ci-dessous.',
  ],
  retry: 'Réessayer',
};

export const fr: Messages = {
  language: 'fr',
  smartIdHelpUrl: 'https://smart-id.be/fr/questions-frequemment-posees/',
  appText: (client) => `Se connecter à ${client}`,
  appTextUnknownBrowser: (client) => `Pas vous\u00a0? Annulez. Se connecter à ${client}`,
  ownTextUnknownBrowser: (text) => `Pas vous\u00a0? Annulez. ${text}`,
  unknownBrowser: (browser) => `(nouveau navigateur\u00a0: ${browser})`,
  layout: {
    secureSignIn: 'Connexion sécurisée',
    simulator: 'Simulation de Smart-ID\u00a0: ceci n’est pas réel',
    simulatorPhone: 'Ouvrir le smartphone virtuel',
    demo: 'Environnement de démonstration de Smart-ID',
    pinNotice: 'Saisissez votre code PIN uniquement dans l’appli Smart-ID, jamais sur une page web.',
    help: 'Aide de Smart-ID',
    opensNewTab: '(s’ouvre dans un nouvel onglet)',
    languages: 'Langues',
  },
  action: {
    backTo: (client) => `Retour à ${client}`,
    startAgain: 'Recommencer',
    tryAgain: 'Réessayer',
    continueTo: (client) => `Continuer vers ${client}`,
    reference: 'Pour l’assistance\u00a0:',
    startAgainAt: (client) => `Recommencer sur ${client}`,
  },
  methods: {
    title: (client) => `Se connecter à ${client} avec Smart-ID`,
    heading: 'Se connecter avec Smart-ID',
    computerLead: 'Scannez un code QR avec l’appli Smart-ID sur votre smartphone.',
    phoneLead: 'L’appli s’ouvre sur ce smartphone, puis vous ramène ici.',
    tabletLead: 'Scannez un code QR avec votre smartphone ou utilisez l’appli Smart-ID sur cette tablette.',
    steps: [
      'Ouvrez l’appli Smart-ID sur votre smartphone',
      'Appuyez sur «\u00a0Scanner le code QR\u00a0»',
      'Vérifiez le nom du service et saisissez votre code PIN1',
    ],
    showQr: 'Afficher le code QR',
    showQrForOtherDevice: 'Afficher un code QR pour un autre appareil',
    openApp: 'Ouvrir l’appli Smart-ID',
    openAppOnThisDevice: 'Ouvrir l’appli Smart-ID sur cet appareil',
    personalCode: 'Utiliser mon numéro de registre national',
    personalCodeInstead: 'Utiliser plutôt mon numéro de registre national',
    qrInstead: 'Scanner plutôt un code QR',
    otherMethods: 'Se connecter autrement',
    or: 'ou',
    starting: 'Un instant…',
  },
  qr: {
    title: (client) => `Scanner le code QR\u00a0: ${client}`,
    heading: 'Scannez le code pour vous connecter',
    lead: 'Scannez-le avec l’appli Smart-ID et non avec l’appareil photo.',
    picture: 'Code QR pour l’appli Smart-ID',
    preparing: 'Le code QR va s’afficher ici dans un instant',
    secondsLeft: {
      one: 'Ce code est encore valable {seconds} seconde',
      many: 'Ce code est encore valable {seconds} de secondes',
      other: 'Ce code est encore valable {seconds} secondes',
    },
    expiring: 'Le code est sur le point d’expirer',
    expired: 'Ce code a expiré. Si vous l’avez déjà scanné, continuez dans l’appli.',
    newCode: 'Afficher un nouveau code',
    interrupted: 'La connexion au serveur a été interrompue. Le code réapparaîtra dès qu’elle sera rétablie.',
    scanOnVirtualPhone: 'Scanner le code avec le smartphone virtuel',
    holding:
      'Tenez le smartphone devant l’écran, à environ une longueur de main, jusqu’à ce que l’appli reconnaisse le code.',
  },
  web2app: {
    title: (client) => `Continuer dans l’appli Smart-ID\u00a0: ${client}`,
    heading: 'Continuez dans l’appli Smart-ID',
    lead: 'Vérifiez le nom du service dans l’appli et saisissez votre code PIN1. L’appli vous ramène ensuite ici.',
    preparing: 'Le bouton pour ouvrir l’appli va s’afficher ici dans un instant',
    secondsLeft: {
      one: 'Ouvrez l’appli dans un délai de {seconds} seconde',
      many: 'Ouvrez l’appli dans un délai de {seconds} de secondes',
      other: 'Ouvrez l’appli dans un délai de {seconds} secondes',
    },
    expiring: 'Le délai pour ouvrir l’appli est presque écoulé',
    expired: 'Le délai pour ouvrir l’appli est écoulé. Si vous l’avez déjà ouverte, continuez dans l’appli.',
    newLink: 'Recommencer',
    confirmedHeading: 'Continuez dans le nouvel onglet',
    confirmedLead:
      'Vous avez confirmé dans l’appli et elle vous ramène à votre navigateur. Votre connexion se poursuit dans l’onglet que l’appli ouvre.',
  },
  login: {
    title: (client) => `Se connecter à ${client} avec votre numéro de registre national`,
    heading: 'Se connecter avec votre numéro de registre national',
    lead: 'Nous enverrons une demande à votre appli Smart-ID.',
    remember: 'Mémoriser mon numéro dans ce navigateur',
    sendTo: (lastFour) => `Envoyer la demande au smartphone de …${lastFour}`,
    otherCode: 'Utiliser un autre numéro',
    expected: (country, lastFour) =>
      `Seule la personne dont le code personnel (${country}) se termine par ${lastFour} peut se connecter ici.`,
    expectedDocument: (country, end) =>
      `Seule la personne dont le numéro de passeport ou de carte d’identité (${country}) se termine par ${end} peut se connecter ici.`,
    country: 'Pays',
    personalCode: 'Numéro de registre national ou code personnel',
    submit: 'Continuer',
    submitting: 'Envoi en cours…',
    countries: { EE: 'Estonie', LV: 'Lettonie', LT: 'Lituanie', BE: 'Belgique' },
    hints: {
      EE: (example) => `Estonie\u00a0: code personnel de 11 chiffres, par exemple ${example}`,
      LV: (example) => `Lettonie\u00a0: code personnel de 11 chiffres, par exemple ${example}`,
      LT: (example) => `Lituanie\u00a0: code personnel de 11 chiffres, par exemple ${example}`,
      BE: (example) => `Belgique\u00a0: numéro de registre national de 11 chiffres, par exemple ${example}`,
    },
    errorTitle: (title) => `Erreur\u00a0: ${title}`,
    errorHeading: 'Veuillez vérifier votre saisie',
    errors: {
      country: 'Choisissez le pays de votre numéro de registre national ou code personnel',
      empty: 'Saisissez votre numéro de registre national ou code personnel',
      format: 'Ce n’est pas un numéro valable du pays choisi',
      checkDigit: 'Le numéro contient une faute de frappe. Vérifiez les chiffres',
      otherCountry: (country) =>
        `Ce numéro semble être celui d’un autre pays\u00a0: ${country}. Vérifiez le pays et continuez`,
    },
    entered: (country, firstFour) => `Vous avez saisi\u00a0: ${country}, ${firstFour}…`,
    tryCountry: (country) => `Essayer un autre pays\u00a0: ${country}`,
  },
  wait: {
    title: (client) => `Confirmer sur votre smartphone\u00a0: ${client}`,
    heading: 'Comparez ce code',
    rememberHeading: 'Retenez ce code',
    confirmHeading: 'Confirmez maintenant dans l’appli Smart-ID',
    sendingHeading: 'Nous envoyons la demande à votre smartphone',
    sendingLead:
      'Gardez votre smartphone à portée de main. Un code à comparer va s’afficher ici dans un instant.',
    lead: 'Si l’appli affiche plusieurs codes, choisissez celui-ci. Saisissez votre code PIN1 uniquement si elle affiche exactement ce code.',
    codeFirstLead:
      'L’appli Smart-ID va vous le demander dans un instant. Saisissez votre code PIN1 uniquement si elle affiche exactement ce code.',
    confirmLead:
      'Si aucune demande n’apparaît, ouvrez l’appli. Saisissez votre code PIN1 uniquement si elle affiche exactement ce code.',
    code: 'Code de contrôle\u00a0:',
    secondsLeft: {
      one: 'Nous attendons votre réponse, encore {seconds} seconde',
      many: 'Nous attendons votre réponse, encore {seconds} de secondes',
      other: 'Nous attendons votre réponse, encore {seconds} secondes',
    },
    pushPending: 'La demande part dans un instant vers votre smartphone',
    overdue: 'Le délai est écoulé, nous vérifions auprès de Smart-ID',
    cancel: 'Annuler',
    cancelling: 'Annulation en cours…',
    interrupted: 'Pas de connexion, nous réessayons',
  },
  continuing: {
    loggedIn: 'Votre connexion est établie',
    heading: (client) => `Nous vous redirigeons vers ${client}`,
    lead: 'Cela prend un instant. Si rien ne se passe, utilisez le bouton.',
    link: 'Continuer',
  },
  moment: {
    heading: 'Un instant, s’il vous plaît',
    login:
      'Nous ne pouvons pas continuer pour le moment, et ce n’est pas de votre fait. Votre connexion n’est pas perdue\u00a0: cette page s’actualise d’elle-même.',
    page: 'Nous ne pouvons pas continuer pour le moment, et ce n’est pas de votre fait. Cette page s’actualise d’elle-même.',
    form: 'Nous ne pouvons pas le faire pour le moment, et ce n’est pas de votre fait. Revenez en arrière et réessayez dans une minute.',
  },
  outcomes: {
    request_malformed: technicalProblem,
    relying_party_not_allowed: technicalProblem,
    client_too_old: technicalProblem,
    account_not_found: {
      heading: 'Nous n’avons pas trouvé de compte Smart-ID',
      paragraphs: [
        'Il n’existe pas de compte Smart-ID pour ce numéro. Vérifiez le pays et le numéro, puis réessayez.',
        'Si vous n’avez pas encore Smart-ID, vous pouvez l’obtenir sur le site de Smart-ID.',
      ],
      help: { label: 'Comment obtenir Smart-ID', first: false },
      retry: 'Vérifier le numéro et réessayer',
    },
    account_not_suitable: {
      heading: 'Votre Smart-ID doit être mis à niveau',
      paragraphs: [
        'Vous utilisez un compte Smart-ID Basic. Ce compte offre un accès limité\u00a0: vous pouvez l’utiliser pour la banque en ligne, mais vous ne pourrez ni vous connecter à d’autres services électroniques, ni signer des documents, etc. Veuillez mettre à niveau votre compte Smart-ID. Pour cela, créez un nouveau compte par voie électronique avec votre carte d’identité ou Mobile-ID (en Lituanie), ou en vous rendant dans une agence bancaire.',
      ],
      help: { label: 'Comment mettre à niveau', first: true },
      retry: 'Réessayer avec un autre compte',
    },
    attention_required: {
      heading: 'Smart-ID requiert votre attention',
      paragraphs: [
        'Ouvrez l’appli Smart-ID ou le portail libre-service de Smart-ID\u00a0: une action de votre part y est attendue. Une fois que c’est fait, réessayez.',
      ],
      help: { label: 'Aide de Smart-ID', first: false },
      retry: 'Réessayer',
    },
    maintenance: {
      heading: 'Smart-ID est en maintenance',
      paragraphs: [
        'Une maintenance est en cours\u00a0: Smart-ID est indisponible pour le moment. Veuillez réessayer plus tard.',
      ],
      help: { label: 'Actualités de Smart-ID', first: false },
      retry: 'Réessayer',
    },
    service_failed: {
      heading: 'Smart-ID ne répond pas',
      paragraphs: [
        'Nous ne pouvons pas joindre Smart-ID pour le moment. La connexion n’a pas eu lieu. Veuillez réessayer dans quelques minutes.',
      ],
      retry: 'Réessayer',
    },
    revocation_unavailable: {
      heading: 'Nous n’avons pas pu vérifier votre Smart-ID',
      paragraphs: [
        'Le service qui indique si un Smart-ID est encore valable ne répond pas pour le moment. Pour votre sécurité, la connexion n’a pas eu lieu. Veuillez réessayer dans quelques minutes.',
      ],
      retry: 'Réessayer',
    },
    session_not_found: {
      heading: 'Cette demande n’est plus valable',
      paragraphs: [
        'Smart-ID ne reconnaît plus cette demande, peut-être parce qu’elle a pris trop de temps. Veuillez réessayer.',
      ],
      retry: 'Réessayer',
    },
    country_not_allowed: {
      heading: 'Ce service n’accepte pas le Smart-ID de votre pays',
      paragraphs: [
        'Vous avez confirmé avec un Smart-ID d’un pays que ce service n’accepte pas. La connexion n’a pas eu lieu.',
        'Si vous avez un Smart-ID d’un autre pays, réessayez avec celui-là.',
      ],
      retry: 'Réessayer avec un autre compte',
    },
    person_mismatch: {
      heading: 'Une autre personne était attendue',
      paragraphs: [
        'Cette connexion a été lancée pour une personne et c’est le Smart-ID d’une autre personne qui l’a confirmée. Aucune connexion n’a eu lieu.',
        'Réessayez avec le Smart-ID de la personne que le service attend.',
      ],
      retry: 'Réessayer',
    },
    callback_refused: {
      heading: 'Nous n’avons pas pu confirmer votre retour depuis l’appli',
      paragraphs: [
        'L’appli Smart-ID a ouvert une fenêtre de navigateur dans laquelle cette connexion n’a pas été lancée, par exemple un autre navigateur, une fenêtre de navigation privée ou une fenêtre dans une autre appli. Pour votre sécurité, aucune connexion n’a eu lieu.',
        'Réessayez ici avec le code QR ou votre numéro de registre national.',
      ],
      retry: 'Réessayer',
    },
    too_many_logins: {
      heading: 'Veuillez patienter un peu',
      paragraphs: [
        'Un très grand nombre de connexions ont été lancées en peu de temps. La suivante doit donc attendre. La connexion n’a pas eu lieu.',
        'Réessayez lorsque le délai indiqué ci-dessous sera écoulé.',
      ],
      retry: 'Réessayer',
    },
    too_many_waiting: {
      heading: 'Beaucoup de personnes se connectent en ce moment',
      paragraphs: [
        'Tant de personnes attendent de se connecter que la suivante doit patienter un instant. La connexion n’a pas eu lieu.',
        'Réessayez lorsque le délai indiqué ci-dessous sera écoulé.',
      ],
      retry: 'Réessayer',
    },
    too_many_logins_of_person: {
      heading: 'Veuillez patienter avant de réessayer',
      paragraphs: [
        'De nombreuses connexions ont été lancées en peu de temps avec ce numéro. La suivante doit donc attendre. La connexion n’a pas eu lieu.',
        'Ne confirmez jamais dans l’appli Smart-ID une demande que vous n’avez pas lancée vous-même.',
      ],
      retry: 'Réessayer',
    },
    push_too_soon: {
      heading: 'La prochaine demande doit attendre',
      paragraphs: [
        'Pour que personne ne soit submergé de demandes, nous n’en envoyons qu’une à la fois à un même smartphone. Lorsque des demandes ne sont pas confirmées, l’attente s’allonge à chaque fois.',
        'Si l’appli Smart-ID affiche une demande que vous n’avez pas lancée vous-même, annulez-la dans l’appli.',
      ],
      retry: 'Réessayer',
    },
    user_refused: refused,
    user_refused_interaction: refused,
    user_refused_certificate_choice: {
      heading: 'Aucun compte n’a été choisi',
      paragraphs: [
        'Vous avez Smart-ID sur plusieurs appareils et la demande a été annulée sur l’un d’eux.',
        'Réessayez et confirmez sur l’appareil que vous voulez utiliser.',
      ],
      retry: 'Réessayer',
    },
    timeout: {
      heading: 'Le délai est écoulé',
      paragraphs: [
        'Nous n’avons pas reçu à temps de réponse de votre smartphone. La connexion n’a donc pas eu lieu.',
        'Vérifiez que votre smartphone est allumé et connecté à internet, puis réessayez. Si aucune demande n’apparaît, ouvrez vous-même l’appli Smart-ID.',
      ],
      retry: 'Réessayer',
    },
    wrong_verification_code: {
      heading: 'Les codes ne correspondaient pas',
      paragraphs: [
        'Un code de contrôle incorrect a été choisi dans l’appli. La connexion n’a donc pas eu lieu.',
        'Attention\u00a0: si le code de l’appli n’était pas celui de cette page, quelqu’un d’autre a peut-être lancé une connexion en votre nom. Ne confirmez jamais une demande que vous n’avez pas lancée vous-même.',
      ],
      retry: 'Réessayer',
    },
    document_unusable: {
      heading: 'Votre Smart-ID ne peut pas être utilisé pour le moment',
      paragraphs: [
        'Ouvrez l’appli Smart-ID pour en connaître la raison ou adressez-vous à l’assistance de Smart-ID. La connexion n’a pas eu lieu.',
      ],
      help: { label: 'Aide de Smart-ID', first: true },
      retry: 'Réessayer',
    },
    account_unusable: {
      heading: 'Votre compte Smart-ID ne peut pas être utilisé',
      paragraphs: [
        'Ouvrez l’appli Smart-ID pour en connaître la raison ou adressez-vous à l’assistance de Smart-ID. La connexion n’a pas eu lieu.',
      ],
      help: { label: 'Aide de Smart-ID', first: true },
      retry: 'Réessayer avec un autre compte',
    },
    interaction_not_supported: {
      heading: 'Votre appli Smart-ID est trop ancienne',
      paragraphs: [
        'Mettez à jour l’appli Smart-ID sur votre smartphone depuis la boutique d’applications, puis réessayez.',
      ],
      help: { label: 'Comment mettre à jour l’appli', first: false },
      retry: 'Réessayer',
    },
    protocol_failure: failedAtSmartId,
    server_error: failedAtSmartId,
    expected_linked_session: failedAtSmartId,
    unknown_end_result: {
      heading: 'La connexion n’a pas abouti',
      paragraphs: [
        'Smart-ID a mis fin à la demande pour une raison que nous ne connaissons pas. La connexion n’a pas eu lieu. Veuillez réessayer.',
      ],
      retry: 'Réessayer',
    },
    response_malformed: verificationFailed,
    response_refused: verificationFailed,
  },
  basicAccount: {
    faq: 'Plus d’informations dans la FAQ de Smart-ID',
    ways: 'Comment créer un compte avec accès complet\u00a0:',
    idCard: 'Carte d’identité\u00a0: il vous faut la carte, ses codes PIN et un lecteur de cartes',
    mobileId: 'Mobile-ID\u00a0: il vous faut le téléphone avec la carte SIM Mobile-ID',
    bankOffice: 'Agence bancaire\u00a0: munissez-vous d’une pièce d’identité',
  },
  expectedPersonNotFound: 'Le service attend ici une personne précise, mais elle n’a pas de compte Smart-ID.',
  refusedInteractions: {
    displayTextAndPIN: {
      heading: 'Vous avez annulé au moment de saisir votre code PIN',
      paragraphs: [
        'L’appli a demandé votre code PIN1 et vous avez annulé à ce moment-là. La connexion n’a pas eu lieu.',
        'Si vous n’avez pas lancé cette connexion vous-même, vous avez bien fait. Si vous avez oublié votre code PIN1, l’aide de Smart-ID vous indique que faire.',
      ],
      help: { label: 'J’ai oublié mon code PIN', first: false },
      retry: 'Réessayer',
    },
    confirmationMessage: {
      heading: 'Vous n’avez pas confirmé le message',
      paragraphs: [
        'L’appli a affiché le service auquel vous alliez vous connecter et vous avez annulé à ce moment-là. La connexion n’a pas eu lieu.',
        'Si vous n’avez pas lancé cette connexion vous-même, vous avez bien fait.',
      ],
      retry: 'Réessayer',
    },
    confirmationMessageAndVerificationCodeChoice: refusedCodeChoice,
    verificationCodeChoice: refusedCodeChoice,
  },
  retryIn: 'Vous pourrez réessayer {when}',
  retryNow: 'Vous pouvez maintenant réessayer.',
  notices: {
    continuesInOtherTab: {
      heading: 'Vous pouvez fermer cet onglet',
      paragraphs: [
        'Votre connexion s’est poursuivie dans un autre onglet, celui que l’appli Smart-ID a ouvert.',
      ],
    },
    otherBrowser: {
      heading: 'Vous êtes de retour dans un autre navigateur',
      paragraphs: [
        'La connexion a commencé dans un autre navigateur, une fenêtre de navigation privée ou une fenêtre dans une autre appli. Elle ne peut donc pas se poursuivre ici.',
        'Retournez là où vous avez commencé et choisissez-y le code QR ou votre numéro de registre national, ou recommencez depuis le service.',
      ],
    },
    callbackUsed: {
      heading: 'Ce lien de retour a déjà été utilisé',
      paragraphs: [
        'Le lien de retour de l’appli Smart-ID vers notre site ne fonctionne qu’une seule fois et pendant peu de temps.',
        'Si la connexion n’est pas encore établie, retournez au service que vous voulez utiliser et reconnectez-vous à partir de là.',
      ],
    },
    pushNotAllowed: {
      heading: 'Connectez-vous d’abord avec l’appli Smart-ID',
      paragraphs: [
        'Pour vous protéger des inconnus qui connaissent votre numéro de registre national, nous n’envoyons de demandes à votre smartphone que depuis les navigateurs que vous avez déjà utilisés.',
        'Utilisez cette fois le code QR ou l’appli Smart-ID. Ensuite, votre numéro de registre national fonctionnera aussi dans ce navigateur.',
      ],
    },
    personNotAccepted: {
      heading: 'Ce service n’accepte pas le Smart-ID de votre pays',
      paragraphs: [
        'Le service attend ici une personne précise, mais son Smart-ID est d’un pays que ce service n’accepte pas.',
        'Retournez au service. Si le problème persiste, communiquez au service ce qui est indiqué ci-dessous.',
      ],
    },
    expired: {
      heading: 'Cette tentative de connexion n’est plus valable',
      paragraphs: [
        'Elle a duré trop longtemps, a été annulée ou a été lancée dans un autre navigateur.',
        'Retournez au service que vous voulez utiliser et reconnectez-vous à partir de là.',
      ],
    },
    noCookies: {
      heading: 'Nous ne reconnaissons pas votre navigateur',
      paragraphs: [
        'Votre navigateur n’a pas envoyé de cookie. Il nous en faut un pour distinguer votre connexion de celles des autres personnes. Autorisez les cookies pour ce site.',
        'Le même problème se produit lorsqu’une connexion a été ouverte dans un autre navigateur ou est trop ancienne. Dans ce cas, retournez au service que vous voulez utiliser et reconnectez-vous à partir de là.',
      ],
    },
    finished: {
      heading: 'Votre connexion est déjà établie',
      paragraphs: [
        'Tout est en ordre de notre côté. Continuez dans le service. Cette page n’est plus utile et vous pouvez la fermer.',
      ],
    },
    loggedOut: {
      heading: 'Votre déconnexion est terminée',
      paragraphs: ['Vous pouvez fermer cette page.'],
    },
    stillLoggedIn: {
      heading: 'Votre session reste ouverte',
      paragraphs: ['Rien n’a été modifié. Vous pouvez maintenant fermer cette page.'],
    },
  },
  browser: {
    known: {
      heading: 'Nous avons mémorisé ce navigateur',
      paragraphs: [
        'Vous avez utilisé l’appli Smart-ID pour vous connecter ici. Nous faisons donc davantage confiance à votre numéro de registre national dans ce navigateur qu’ailleurs.',
        'Si d’autres personnes utilisent aussi ce navigateur, laissez-nous l’oublier.',
      ],
    },
    keepsLogin:
      'Un service garde votre connexion ouverte ici pendant un certain temps. Si nous oublions ce navigateur, cette connexion prend fin.',
    remembersCode: (lastFour) =>
      `Votre numéro qui se termine par ${lastFour} est mémorisé dans ce navigateur.`,
    forget: 'Oublier ce navigateur',
    forgetting: 'Oubli en cours…',
    unknown: {
      heading: 'Nous n’avons pas mémorisé ce navigateur',
      paragraphs: ['Aucune connexion n’est mémorisée ici. Il n’y a rien à oublier.'],
    },
    forgotten: {
      heading: 'Ce navigateur a été oublié',
      paragraphs: [
        'La prochaine connexion ici sera traitée comme venant d’un navigateur inconnu. Vous pouvez fermer cette page.',
      ],
    },
    link: 'Oublier ce navigateur',
  },
  history: {
    heading: 'Connexions en votre nom',
    start:
      'Une fois la connexion établie, vous verrez quand quelqu’un s’est connecté en votre nom ou a essayé de le faire, à quel service et avec quel résultat. Personne d’autre ne le voit.',
    notLoggedIn: 'La connexion n’a pas eu lieu. Veuillez réessayer.',
    loggedOut: 'Votre déconnexion est terminée.',
    lead: (lastFour) =>
      `Pour la personne dont le code personnel se termine par ${lastFour}. Toutes les heures sont en UTC.`,
    kept: (days) =>
      `Les entrées sont conservées ${days === 1 ? 'un jour' : `${days} jours`} ; les plus anciennes sont supprimées. Une entrée apparaît quelques secondes après l’événement et peut manquer après un problème technique.`,
    empty: 'Il n’y a aucune entrée à votre nom.',
    outcomes: {
      finished: 'Connexion établie',
      cancelled: 'Annulé sur la page',
      open: 'Inachevé',
      limited: 'Refusé : trop de tentatives',
      failed: 'Connexion non établie',
    },
    ways: {
      qr: 'Avec un code QR',
      web2app: 'Avec l’appli sur le même appareil',
      notification: 'Avec le numéro de registre national',
      backchannel: 'Lancé par le service, sans navigateur',
    },
    network: (number) => `Réseau ${number}`,
    thisNetwork: 'le réseau que vous utilisez maintenant',
    notStarted:
      'Vous n’avez pas lancé cette demande ? Alors quelqu’un d’autre a utilisé votre numéro de registre national. Cette personne n’a pas été connectée. Ne confirmez jamais une demande que vous n’avez pas lancée vous-même.',
    confirmed:
      'Vous n’avez pas lancé cette demande\u00a0? Alors vous avez confirmé la connexion de quelqu’un d’autre avec votre Smart-ID. Cette personne n’a pas été connectée. Ne confirmez jamais une demande que vous n’avez pas lancée vous-même.',
    notYou: {
      heading: 'Ce n’était pas vous ?',
      paragraphs: [
        'Si quelqu’un d’autre s’est connecté, prévenez tout de suite le service et indiquez le numéro de l’entrée. Contactez aussi l’assistance de Smart-ID.',
        'Si une demande que vous n’avez pas lancée apparaît sur votre smartphone, annulez-la dans l’appli Smart-ID. Qui connaît votre numéro de registre national peut lancer des demandes, mais personne n’entre sans votre code PIN.',
      ],
    },
    endAllLead:
      'Ce bouton met fin à toutes les connexions qu’un service garde ouvertes pour vous, et nous oublions tous les navigateurs qui vous connaissent.',
    endAll: 'Mettre fin à toutes les connexions et oublier tous les navigateurs',
    browsers: {
      heading: 'Navigateurs qui vous connaissent',
      paragraphs: [
        'Vous avez utilisé l’appli Smart-ID pour vous connecter dans ces navigateurs. Nous y faisons donc davantage confiance à votre numéro de registre national. Si l’un d’eux n’est pas le vôtre, faites-le-nous oublier.',
      ],
    },
    noBrowser: 'Aucun navigateur ne vous connaît.',
    tooOften:
      'Vous l’avez fait trop souvent en peu de temps. Réessayez lorsque le délai indiqué ci-dessous sera écoulé.',
    forgotten: {
      one: 'Le navigateur est oublié.',
      all: 'Tous les navigateurs sont oubliés, et toutes les connexions qu’un service gardait ouvertes pour vous sont terminées.',
    },
    thisBrowser: 'Ce navigateur',
    since: (time) => `Depuis : ${time}`,
    used: (time) => `Dernière connexion : ${time}`,
    forgetBrowser: 'Oublier le navigateur de cette entrée',
    older: 'Entrées plus anciennes',
    newer: 'Entrées plus récentes',
    download: 'Télécharger le fichier (JSON)',
    print: 'Page à imprimer',
    logOut: 'Se déconnecter',
  },
  errors: {
    400: {
      heading: 'Nous n’avons pas compris',
      paragraphs: [
        'Votre navigateur a envoyé quelque chose que cette page n’attend pas. Retournez au service que vous voulez utiliser et reconnectez-vous à partir de là.',
      ],
    },
    403: {
      heading: 'Cela ne venait pas de notre page',
      paragraphs: [
        'Un autre site a tenté d’envoyer un formulaire en votre nom et nous l’avons refusé. Retournez au service que vous voulez utiliser et reconnectez-vous à partir de là.',
      ],
    },
    404: {
      heading: 'Il n’y a rien ici',
      paragraphs: [
        'L’adresse est peut-être mal saisie ou ancienne. Pour vous connecter, allez au service que vous voulez utiliser et commencez à partir de là.',
      ],
    },
    405: {
      heading: 'Cette page ne fonctionne pas ainsi',
      paragraphs: ['Retournez au service que vous voulez utiliser et reconnectez-vous à partir de là.'],
    },
    413: {
      heading: 'Formulaire trop volumineux',
      paragraphs: [
        'Le formulaire dépassait la taille que nous acceptons. Revenez en arrière et saisissez uniquement votre numéro de registre national ou code personnel.',
      ],
    },
    415: {
      heading: 'Nous n’avons pas compris',
      paragraphs: [
        'Le formulaire est arrivé sous une forme que nous n’acceptons pas. Retournez au service que vous voulez utiliser et reconnectez-vous à partir de là.',
      ],
    },
    429: {
      heading: 'Veuillez patienter un peu',
      paragraphs: [
        'Nous avons reçu de votre réseau plus de requêtes que nous ne pouvons en traiter. Patientez un peu, puis réessayez.',
      ],
    },
    500: {
      heading: 'Une erreur s’est produite de notre côté',
      paragraphs: [
        'Vous n’y êtes pour rien. Veuillez réessayer dans un instant.',
        'Si le problème persiste, contactez le service auquel vous vouliez vous connecter et communiquez-lui le numéro ci-dessous.',
      ],
    },
    503: {
      heading: 'Nous serons de retour dans un instant',
      paragraphs: ['Le service de connexion redémarre. Attendez quelques secondes, puis réessayez.'],
    },
  },
  openIdError: {
    heading: 'Cette connexion ne peut pas se poursuivre',
    paragraphs: [
      'Le service d’où vous venez a envoyé une demande à laquelle nous ne pouvons pas répondre, ou la connexion est trop ancienne.',
      'Retournez au service et reconnectez-vous à partir de là. Si le problème persiste, communiquez au service ce qui est indiqué ci-dessous.',
    ],
  },
  logout: {
    heading: 'Voulez-vous vous déconnecter\u00a0?',
    paragraphs: ['Le service que vous avez utilisé demande de mettre fin à votre session ici aussi.'],
    confirm: 'Se déconnecter',
    stay: 'Ne pas se déconnecter',
    ongoing: 'Déconnexion en cours',
  },
  unregisteredAddress: {
    lead: (client) =>
      `Nous ne pouvons pas vous rediriger vers ${client}, car ce service a indiqué une adresse qui n’est pas enregistrée chez nous.`,
    advice: (client) =>
      `Veuillez communiquer à ${client} ce qui est indiqué ci-dessous. Vous pouvez fermer cette page.`,
  },
  logoutErrors: {
    refused: {
      heading: 'Cette déconnexion ne peut pas se poursuivre',
      paragraphs: [
        'Le service d’où vous venez a envoyé une demande de déconnexion que nous ne pouvons pas accepter, ou cette demande est trop ancienne.',
        'Retournez au service et déconnectez-vous à partir de là. Si le problème persiste, communiquez au service ce qui est indiqué ci-dessous.',
      ],
    },
    failed: {
      heading: 'Une erreur s’est produite lors de la déconnexion',
      paragraphs: [
        'Vous n’y êtes pour rien. Veuillez réessayer dans un instant.',
        'Si le problème persiste, contactez le service que vous avez utilisé et communiquez-lui le numéro ci-dessous.',
      ],
    },
  },
};
