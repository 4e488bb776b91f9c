import type { Messages, OutcomeText } from './messages.ts';

// Dutch as in Belgium.

const technicalProblem: OutcomeText = {
  heading: 'Er is een technisch probleem',
  paragraphs: [
    'Het aanmelden is niet gelukt. Dat ligt niet aan u. Probeer het over enkele minuten opnieuw.',
    'Blijft het probleem bestaan, neem dan contact op met de dienst waarbij u zich wilde aanmelden en vermeld het nummer hieronder.',
  ],
  retry: 'Opnieuw proberen',
};

const refused: OutcomeText = {
  heading: 'U hebt het verzoek in de app geannuleerd',
  paragraphs: [
    'U bent niet aangemeld. Was dat niet de bedoeling, probeer het dan opnieuw.',
    'Hebt u deze aanmelding niet zelf gestart, dan hebt u juist gehandeld.',
  ],
  retry: 'Opnieuw proberen',
};

const refusedCodeChoice: OutcomeText = {
  heading: 'U hebt geannuleerd bij het kiezen van de code',
  paragraphs: [
    'De app vroeg welke controlecode op deze pagina staat en u hebt daar geannuleerd. U bent niet aangemeld.',
    'Was geen van de codes in de app dezelfde als die op deze pagina, dan hebt u juist gehandeld: misschien heeft iemand anders een aanmelding in uw naam gestart.',
  ],
  retry: 'Opnieuw proberen',
};

const failedAtSmartId: OutcomeText = {
  heading: 'Smart-ID kon de aanmelding niet voltooien',
  paragraphs: ['Er is iets misgelopen bij Smart-ID. U bent niet aangemeld. Probeer het opnieuw.'],
  retry: 'Opnieuw proberen',
};

const verificationFailed: OutcomeText = {
  heading: 'We konden het antwoord niet controleren',
  paragraphs: [
    'We kregen een antwoord van Smart-ID, maar kunnen het niet vertrouwen. Voor uw veiligheid bent u niet aangemeld.',
    'Probeer het opnieuw. Blijft het probleem bestaan, neem dan contact op met de dienst waarbij u zich wilde aanmelden en vermeld het nummer hieronder.',
  ],
  retry: 'Opnieuw proberen',
};

export const nl: Messages = {
  language: 'nl',
  smartIdHelpUrl: 'https://www.smart-id.com/help/',
  appText: (client) => `Aanmelden bij ${client}`,
  appTextUnknownBrowser: (client) => `Niet u? Annuleer. Aanmelden bij ${client}`,
  ownTextUnknownBrowser: (text) => `Niet u? Annuleer. ${text}`,
  unknownBrowser: (browser) => `(nieuwe browser: ${browser})`,
  layout: {
    secureSignIn: 'Veilig aanmelden',
    simulator: 'Gesimuleerde Smart-ID: niet echt',
    simulatorPhone: 'De virtuele smartphone openen',
    demo: 'Demo-omgeving van Smart-ID',
    pinNotice: 'Voer uw pincode alleen in de Smart-ID-app in, nooit op een webpagina.',
    help: 'Hulp bij Smart-ID',
    opensNewTab: '(wordt geopend in een nieuw tabblad)',
    languages: 'Talen',
  },
  action: {
    backTo: (client) => `Terug naar ${client}`,
    startAgain: 'Opnieuw beginnen',
    tryAgain: 'Opnieuw proberen',
    continueTo: (client) => `Doorgaan naar ${client}`,
    reference: 'Voor de klantendienst:',
    startAgainAt: (client) => `Opnieuw beginnen bij ${client}`,
  },
  methods: {
    title: (client) => `Aanmelden bij ${client} met Smart-ID`,
    heading: 'Aanmelden met Smart-ID',
    computerLead: 'Scan een QR-code met de Smart-ID-app op uw smartphone.',
    phoneLead: 'De app wordt op deze smartphone geopend en brengt u daarna terug naar deze pagina.',
    tabletLead: 'Scan een QR-code met uw smartphone of gebruik de Smart-ID-app op deze tablet.',
    steps: [
      'Open de Smart-ID-app op uw smartphone',
      'Tik op “QR-code scannen”',
      'Controleer de naam van de dienst en voer PIN1 in',
    ],
    showQr: 'QR-code tonen',
    showQrForOtherDevice: 'QR-code tonen voor een ander toestel',
    openApp: 'Smart-ID-app openen',
    openAppOnThisDevice: 'Smart-ID-app op dit toestel openen',
    personalCode: 'Mijn rijksregisternummer gebruiken',
    personalCodeInstead: 'Liever mijn rijksregisternummer gebruiken',
    qrInstead: 'Liever een QR-code scannen',
    otherMethods: 'Op een andere manier aanmelden',
    or: 'of',
    starting: 'Een ogenblik…',
  },
  qr: {
    title: (client) => `Scan de QR-code: ${client}`,
    heading: 'Scan de code om u aan te melden',
    lead: 'Scan de code met de Smart-ID-app, niet met de camera-app.',
    picture: 'QR-code voor de Smart-ID-app',
    preparing: 'De QR-code verschijnt hier zo meteen',
    secondsLeft: {
      one: 'Deze code is nog {seconds} seconde geldig',
      other: 'Deze code is nog {seconds} seconden geldig',
    },
    expiring: 'De code verloopt bijna',
    expired: 'Deze code is verlopen. Hebt u hem al gescand, ga dan verder in de app.',
    newCode: 'Nieuwe code tonen',
    interrupted: 'De verbinding is verbroken. De code verschijnt weer zodra de verbinding hersteld is.',
    scanOnVirtualPhone: 'De code scannen met de virtuele smartphone',
    holding:
      'Houd uw smartphone voor het scherm, op ongeveer een handlengte afstand, tot de app de code herkent.',
  },
  web2app: {
    title: (client) => `Ga verder in de Smart-ID-app: ${client}`,
    heading: 'Ga verder in de Smart-ID-app',
    lead: 'Controleer de naam van de dienst in de app en voer PIN1 in. Daarna brengt de app u terug naar deze pagina.',
    preparing: 'De knop om de app te openen verschijnt hier zo meteen',
    secondsLeft: {
      one: 'Open de app binnen {seconds} seconde',
      other: 'Open de app binnen {seconds} seconden',
    },
    expiring: 'De tijd om de app te openen is bijna om',
    expired: 'De tijd om de app te openen is om. Hebt u de app al geopend, ga dan daar verder.',
    newLink: 'Opnieuw beginnen',
    confirmedHeading: 'Ga verder in het nieuwe tabblad',
    confirmedLead:
      'U hebt bevestigd in de app en de app brengt u terug naar uw browser. Uw aanmelding gaat verder in het tabblad dat de app opent.',
  },
  login: {
    title: (client) => `Aanmelden bij ${client} met uw rijksregisternummer`,
    heading: 'Aanmelden met uw rijksregisternummer',
    lead: 'We sturen een verzoek naar uw Smart-ID-app.',
    remember: 'Mijn nummer in deze browser onthouden',
    sendTo: (lastFour) => `Verzoek naar de smartphone van …${lastFour} sturen`,
    otherCode: 'Een ander nummer gebruiken',
    expected: (country, lastFour) =>
      `Hier kan alleen de persoon zich aanmelden van wie de persoonlijke code (${country}) op ${lastFour} eindigt.`,
    expectedDocument: (country, end) =>
      `Hier kan alleen de persoon zich aanmelden van wie het paspoort- of identiteitskaartnummer (${country}) op ${end} eindigt.`,
    country: 'Land',
    personalCode: 'Rijksregisternummer of persoonlijke code',
    submit: 'Doorgaan',
    submitting: 'Bezig met verzenden…',
    countries: { EE: 'Estland', LV: 'Letland', LT: 'Litouwen', BE: 'België' },
    hints: {
      EE: (example) => `Estland: persoonlijke code van 11 cijfers, bijvoorbeeld ${example}`,
      LV: (example) => `Letland: persoonlijke code van 11 cijfers, bijvoorbeeld ${example}`,
      LT: (example) => `Litouwen: persoonlijke code van 11 cijfers, bijvoorbeeld ${example}`,
      BE: (example) => `België: rijksregisternummer van 11 cijfers, bijvoorbeeld ${example}`,
    },
    errorTitle: (title) => `Fout: ${title}`,
    errorHeading: 'Controleer uw invoer',
    errors: {
      country: 'Kies het land van uw rijksregisternummer of persoonlijke code',
      empty: 'Vul uw rijksregisternummer of persoonlijke code in',
      format: 'Dit is geen geldig nummer van het gekozen land',
      checkDigit: 'Er staat een tikfout in het nummer. Controleer de cijfers',
      otherCountry: (country) =>
        `Dit lijkt een nummer van een ander land: ${country}. Controleer het land en ga verder`,
    },
    entered: (country, firstFour) => `U hebt ingevuld: ${country}, ${firstFour}…`,
    tryCountry: (country) => `Een ander land proberen: ${country}`,
  },
  wait: {
    title: (client) => `Bevestig op uw smartphone: ${client}`,
    heading: 'Vergelijk deze code',
    rememberHeading: 'Onthoud deze code',
    confirmHeading: 'Bevestig nu in de Smart-ID-app',
    sendingHeading: 'We sturen het verzoek naar uw smartphone',
    sendingLead: 'Houd uw smartphone bij de hand. Zo meteen verschijnt hier een code om te vergelijken.',
    lead: 'Toont de app meerdere codes, kies dan deze. Voer PIN1 alleen in als de app precies deze code toont.',
    codeFirstLead:
      'De Smart-ID-app vraagt er zo meteen naar. Voer PIN1 alleen in als de app precies deze code toont.',
    confirmLead:
      'Verschijnt er geen verzoek, open dan zelf de app. Voer PIN1 alleen in als de app precies deze code toont.',
    code: 'Controlecode:',
    secondsLeft: {
      one: 'We wachten op uw bevestiging, nog {seconds} seconde',
      other: 'We wachten op uw bevestiging, nog {seconds} seconden',
    },
    pushPending: 'Het verzoek gaat zo meteen naar uw smartphone',
    overdue: 'De tijd is om, we doen navraag bij Smart-ID',
    cancel: 'Annuleren',
    cancelling: 'Bezig met annuleren…',
    interrupted: 'Geen verbinding, we blijven proberen',
  },
  continuing: {
    loggedIn: 'U bent aangemeld',
    heading: (client) => `We brengen u naar ${client}`,
    lead: 'Dit duurt even. Gebeurt er niets, gebruik dan de knop.',
    link: 'Doorgaan',
  },
  moment: {
    heading: 'Een ogenblik geduld',
    login:
      'We kunnen op dit moment niet verder, en dat ligt niet aan u. Uw aanmelding gaat niet verloren: deze pagina gaat vanzelf verder.',
    page: 'We kunnen op dit moment niet verder, en dat ligt niet aan u. Deze pagina gaat vanzelf verder.',
    form: 'We kunnen dit op dit moment niet doen, en dat ligt niet aan u. Ga terug en probeer het over een minuut opnieuw.',
  },
  outcomes: {
    request_malformed: technicalProblem,
    relying_party_not_allowed: technicalProblem,
    client_too_old: technicalProblem,
    account_not_found: {
      heading: 'We hebben geen Smart-ID-account gevonden',
      paragraphs: [
        'Er bestaat geen Smart-ID-account voor dit nummer. Controleer het land en het nummer en probeer het opnieuw.',
        'Hebt u nog geen Smart-ID, dan kunt u er een aanmaken via de website van Smart-ID.',
      ],
      help: { label: 'Zo krijgt u Smart-ID', first: false },
      retry: 'Het nummer controleren en opnieuw proberen',
    },
    account_not_suitable: {
      heading: 'Uw Smart-ID heeft een upgrade nodig',
      paragraphs: [
        'U gebruikt een Smart-ID Basic-account. Dit account heeft beperkte toegang: u kunt het gebruiken voor internetbankieren, maar u kunt zich er niet mee aanmelden bij andere e-diensten, er geen documenten mee ondertekenen enz. Voer een upgrade van uw Smart-ID-account uit. Maak daarvoor een nieuw account aan: elektronisch met uw identiteitskaart of met Mobile-ID (in Litouwen), of tijdens een bezoek aan een bankkantoor.',
      ],
      help: { label: 'Zo voert u de upgrade uit', first: true },
      retry: 'Opnieuw proberen met een ander account',
    },
    attention_required: {
      heading: 'Smart-ID vraagt uw aandacht',
      paragraphs: [
        'Open de Smart-ID-app of het zelfbedieningsportaal van Smart-ID: daar wacht iets op u. Probeer het opnieuw zodra u dat hebt afgehandeld.',
      ],
      help: { label: 'Hulp van Smart-ID', first: false },
      retry: 'Opnieuw proberen',
    },
    maintenance: {
      heading: 'Er is onderhoud aan Smart-ID',
      paragraphs: [
        'U kunt Smart-ID op dit moment niet gebruiken wegens onderhoudswerken. Probeer het later opnieuw.',
      ],
      help: { label: 'Nieuws van Smart-ID', first: false },
      retry: 'Opnieuw proberen',
    },
    service_failed: {
      heading: 'Smart-ID antwoordt niet',
      paragraphs: [
        'We kunnen Smart-ID nu niet bereiken. U bent niet aangemeld. Probeer het over enkele minuten opnieuw.',
      ],
      retry: 'Opnieuw proberen',
    },
    revocation_unavailable: {
      heading: 'We konden uw Smart-ID niet controleren',
      paragraphs: [
        'De dienst die nagaat of een Smart-ID nog geldig is, antwoordt nu niet. Voor uw veiligheid bent u niet aangemeld. Probeer het over enkele minuten opnieuw.',
      ],
      retry: 'Opnieuw proberen',
    },
    session_not_found: {
      heading: 'Dit verzoek is niet meer geldig',
      paragraphs: [
        'Smart-ID kent dit verzoek niet meer, misschien omdat het te lang duurde. Probeer het opnieuw.',
      ],
      retry: 'Opnieuw proberen',
    },
    country_not_allowed: {
      heading: 'Deze dienst aanvaardt geen Smart-ID uit uw land',
      paragraphs: [
        'U hebt bevestigd met een Smart-ID uit een land dat deze dienst niet aanvaardt. U bent niet aangemeld.',
        'Hebt u een Smart-ID uit een ander land, probeer het dan daarmee opnieuw.',
      ],
      retry: 'Opnieuw proberen met een ander account',
    },
    person_mismatch: {
      heading: 'Er werd iemand anders verwacht',
      paragraphs: [
        'Deze aanmelding was voor één persoon gestart, maar werd bevestigd met de Smart-ID van iemand anders. Niemand is aangemeld.',
        'Probeer het opnieuw met de Smart-ID van de persoon die de dienst verwacht.',
      ],
      retry: 'Opnieuw proberen',
    },
    callback_refused: {
      heading: 'We konden uw terugkeer uit de app niet herkennen',
      paragraphs: [
        'De Smart-ID-app opende een browservenster waarin deze aanmelding niet gestart is, bijvoorbeeld een andere browser, een privévenster of een venster in een andere app. Voor uw veiligheid is niemand aangemeld.',
        'Probeer het hier opnieuw met de QR-code of uw rijksregisternummer.',
      ],
      retry: 'Opnieuw proberen',
    },
    too_many_logins: {
      heading: 'Even geduld, alstublieft',
      paragraphs: [
        'Er zijn in korte tijd heel veel aanmeldingen gestart. De volgende moet daarom even wachten. U bent niet aangemeld.',
        'Probeer het opnieuw wanneer de tijd hieronder voorbij is.',
      ],
      retry: 'Opnieuw proberen',
    },
    too_many_waiting: {
      heading: 'Er melden zich nu heel veel mensen aan',
      paragraphs: [
        'Er wachten zo veel mensen op hun aanmelding dat de volgende even moet wachten. U bent niet aangemeld.',
        'Probeer het opnieuw wanneer de tijd hieronder voorbij is.',
      ],
      retry: 'Opnieuw proberen',
    },
    too_many_logins_of_person: {
      heading: 'Wacht even voordat u het opnieuw probeert',
      paragraphs: [
        'Met dit nummer zijn in korte tijd veel aanmeldingen gestart. De volgende moet daarom even wachten. U bent niet aangemeld.',
        'Bevestig in de Smart-ID-app nooit een verzoek dat u niet zelf hebt gestart.',
      ],
      retry: 'Opnieuw proberen',
    },
    push_too_soon: {
      heading: 'Het volgende verzoek moet even wachten',
      paragraphs: [
        'Om te voorkomen dat iemand met verzoeken wordt overspoeld, sturen we er maar één tegelijk naar een smartphone. Worden verzoeken niet bevestigd, dan wordt de wachttijd telkens langer.',
        'Toont de Smart-ID-app een verzoek dat u niet zelf hebt gestart, annuleer het dan in de app.',
      ],
      retry: 'Opnieuw proberen',
    },
    user_refused: refused,
    user_refused_interaction: refused,
    user_refused_certificate_choice: {
      heading: 'Er is geen account gekozen',
      paragraphs: [
        'U hebt Smart-ID op meer dan één toestel en het verzoek is op een daarvan geannuleerd.',
        'Probeer het opnieuw en bevestig op het toestel dat u wilt gebruiken.',
      ],
      retry: 'Opnieuw proberen',
    },
    timeout: {
      heading: 'De tijd is om',
      paragraphs: [
        'Er kwam niet op tijd een antwoord van uw smartphone. Daarom bent u niet aangemeld.',
        'Controleer of uw smartphone aanstaat en verbonden is met het internet en probeer het opnieuw. Verschijnt er geen verzoek, open dan zelf de Smart-ID-app.',
      ],
      retry: 'Opnieuw proberen',
    },
    wrong_verification_code: {
      heading: 'De codes kwamen niet overeen',
      paragraphs: [
        'In de app is een verkeerde controlecode gekozen. Daarom bent u niet aangemeld.',
        'Let op: was de code in de app niet dezelfde als die op deze pagina, dan heeft misschien iemand anders een aanmelding in uw naam gestart. Bevestig nooit een verzoek dat u niet zelf hebt gestart.',
      ],
      retry: 'Opnieuw proberen',
    },
    document_unusable: {
      heading: 'Uw Smart-ID kan nu niet worden gebruikt',
      paragraphs: [
        'Open de Smart-ID-app om te zien waarom, of vraag het aan de klantendienst van Smart-ID. U bent niet aangemeld.',
      ],
      help: { label: 'Hulp van Smart-ID', first: true },
      retry: 'Opnieuw proberen',
    },
    account_unusable: {
      heading: 'Uw Smart-ID-account kan niet worden gebruikt',
      paragraphs: [
        'Open de Smart-ID-app om te zien waarom, of vraag het aan de klantendienst van Smart-ID. U bent niet aangemeld.',
      ],
      help: { label: 'Hulp van Smart-ID', first: true },
      retry: 'Opnieuw proberen met een ander account',
    },
    interaction_not_supported: {
      heading: 'Uw Smart-ID-app is verouderd',
      paragraphs: ['Werk de Smart-ID-app op uw smartphone bij via de appstore en probeer het opnieuw.'],
      help: { label: 'Zo werkt u de app bij', first: false },
      retry: 'Opnieuw proberen',
    },
    protocol_failure: failedAtSmartId,
    server_error: failedAtSmartId,
    expected_linked_session: failedAtSmartId,
    unknown_end_result: {
      heading: 'Het aanmelden is niet gelukt',
      paragraphs: [
        'Smart-ID heeft de aanmelding beëindigd om een reden die we niet kennen. U bent niet aangemeld. Probeer het opnieuw.',
      ],
      retry: 'Opnieuw proberen',
    },
    response_malformed: verificationFailed,
    response_refused: verificationFailed,
  },
  basicAccount: {
    faq: 'Meer informatie in de veelgestelde vragen van Smart-ID',
    ways: 'Zo registreert u een account met volledige toegang:',
    idCard: 'Identiteitskaart: u hebt de kaart, de pincodes ervan en een kaartlezer nodig',
    mobileId: 'Mobile-ID: u hebt de telefoon met de Mobile-ID-simkaart nodig',
    bankOffice: 'Bankkantoor: breng een identiteitsbewijs mee',
  },
  expectedPersonNotFound:
    'De dienst verwacht hier één bepaalde persoon, maar deze persoon heeft geen Smart-ID-account.',
  refusedInteractions: {
    displayTextAndPIN: {
      heading: 'U hebt geannuleerd bij het invoeren van uw pincode',
      paragraphs: [
        'De app vroeg om uw PIN1 en u hebt daar geannuleerd. U bent niet aangemeld.',
        'Hebt u deze aanmelding niet zelf gestart, dan hebt u juist gehandeld. Bent u PIN1 vergeten, dan leest u in de hulp van Smart-ID wat u kunt doen.',
      ],
      help: { label: 'Ik ben mijn pincode vergeten', first: false },
      retry: 'Opnieuw proberen',
    },
    confirmationMessage: {
      heading: 'U hebt het bericht niet bevestigd',
      paragraphs: [
        'De app toonde bij welke dienst u zich ging aanmelden en u hebt daar geannuleerd. U bent niet aangemeld.',
        'Hebt u deze aanmelding niet zelf gestart, dan hebt u juist gehandeld.',
      ],
      retry: 'Opnieuw proberen',
    },
    confirmationMessageAndVerificationCodeChoice: refusedCodeChoice,
    verificationCodeChoice: refusedCodeChoice,
  },
  retryIn: 'U kunt het {when} opnieuw proberen',
  retryNow: 'U kunt het nu opnieuw proberen.',
  notices: {
    continuesInOtherTab: {
      heading: 'U kunt dit tabblad sluiten',
      paragraphs: ['Uw aanmelding is verdergegaan in een ander tabblad, dat de Smart-ID-app heeft geopend.'],
    },
    otherBrowser: {
      heading: 'U bent in een andere browser teruggekomen',
      paragraphs: [
        'De aanmelding is begonnen in een andere browser, een privévenster of een venster in een andere app. Daarom kan ze hier niet verdergaan.',
        'Ga terug naar waar u begonnen bent en kies daar de QR-code of uw rijksregisternummer, of begin opnieuw vanuit de dienst.',
      ],
    },
    callbackUsed: {
      heading: 'Deze link om terug te keren is al gebruikt',
      paragraphs: [
        'De link waarmee de Smart-ID-app u naar ons terugbrengt, werkt maar één keer en maar korte tijd.',
        'Bent u nog niet aangemeld, ga dan terug naar de dienst die u wilt gebruiken en meld u van daaruit opnieuw aan.',
      ],
    },
    pushNotAllowed: {
      heading: 'Meld u eerst aan met de Smart-ID-app',
      paragraphs: [
        'Om u te beschermen tegen onbekenden die uw rijksregisternummer kennen, sturen we alleen verzoeken naar uw smartphone vanuit browsers die u al eerder hebt gebruikt.',
        'Gebruik deze keer de QR-code of de Smart-ID-app. Daarna werkt uw rijksregisternummer ook in deze browser.',
      ],
    },
    personNotAccepted: {
      heading: 'Deze dienst aanvaardt geen Smart-ID uit uw land',
      paragraphs: [
        'De dienst verwacht hier één bepaalde persoon, maar diens Smart-ID komt uit een land dat deze dienst niet aanvaardt.',
        'Ga terug naar de dienst. Blijft het probleem bestaan, geef dan aan de dienst door wat hieronder staat.',
      ],
    },
    expired: {
      heading: 'Deze aanmelding is beëindigd',
      paragraphs: [
        'Ze duurde te lang, werd geannuleerd of werd in een andere browser gestart.',
        'Ga terug naar de dienst die u wilt gebruiken en meld u van daaruit opnieuw aan.',
      ],
    },
    noCookies: {
      heading: 'We herkennen uw browser niet',
      paragraphs: [
        'Uw browser heeft geen cookie gestuurd. We hebben er een nodig om uw aanmelding gescheiden te houden van die van anderen. Sta cookies toe voor deze site.',
        'Hetzelfde gebeurt wanneer een aanmelding in een andere browser is geopend of te oud is. Ga dan terug naar de dienst die u wilt gebruiken en meld u van daaruit opnieuw aan.',
      ],
    },
    finished: {
      heading: 'U bent al aangemeld',
      paragraphs: [
        'Deze aanmelding is voltooid. Ga verder in de dienst. Deze pagina hebt u niet meer nodig en kunt u sluiten.',
      ],
    },
    loggedOut: {
      heading: 'U bent afgemeld',
      paragraphs: ['U kunt deze pagina nu sluiten.'],
    },
    stillLoggedIn: {
      heading: 'U bent nog steeds aangemeld',
      paragraphs: ['Er is niets gewijzigd. U kunt deze pagina nu sluiten.'],
    },
  },
  browser: {
    known: {
      heading: 'We onthouden deze browser',
      paragraphs: [
        'U hebt zich hier aangemeld met de Smart-ID-app. Daarom vertrouwen we uw rijksregisternummer in deze browser meer dan elders.',
        'Gebruiken ook anderen deze browser, laat ons hem dan vergeten.',
      ],
    },
    keepsLogin:
      'Een dienst houdt uw aanmelding hier een tijdje open. Als we deze browser vergeten, eindigt die aanmelding.',
    remembersCode: (lastFour) => `In deze browser wordt uw nummer onthouden dat op ${lastFour} eindigt.`,
    forget: 'Deze browser vergeten',
    forgetting: 'Bezig met vergeten…',
    unknown: {
      heading: 'We onthouden deze browser niet',
      paragraphs: ['Hier wordt van niemand een aanmelding onthouden. Er is niets te vergeten.'],
    },
    forgotten: {
      heading: 'Deze browser is vergeten',
      paragraphs: [
        'De volgende aanmelding hier behandelen we als een aanmelding vanuit een onbekende browser. U kunt deze pagina sluiten.',
      ],
    },
    link: 'Deze browser vergeten',
  },
  history: {
    heading: 'Aanmeldingen in uw naam',
    start:
      'Nadat u zich hebt aangemeld, ziet u wanneer iemand zich in uw naam heeft aangemeld of dat heeft geprobeerd, bij welke dienst en met welk resultaat. Niemand anders ziet dit.',
    notLoggedIn: 'U bent niet aangemeld. Probeer het opnieuw.',
    loggedOut: 'U bent afgemeld.',
    lead: (lastFour) =>
      `Voor de persoon van wie de persoonlijke code eindigt op ${lastFour}. Alle tijden zijn in UTC.`,
    kept: (days) =>
      `Vermeldingen worden ${days === 1 ? 'één dag' : `${days} dagen`} bewaard; oudere zijn verwijderd. Een vermelding verschijnt enkele seconden na de gebeurtenis en kan na een technisch probleem ontbreken.`,
    empty: 'Er is geen vermelding op uw naam.',
    outcomes: {
      finished: 'Aangemeld',
      cancelled: 'Geannuleerd op de pagina',
      open: 'Niet voltooid',
      limited: 'Geweigerd: te veel pogingen',
      failed: 'Niet aangemeld',
    },
    ways: {
      qr: 'Met een QR-code',
      web2app: 'Met de app op hetzelfde toestel',
      notification: 'Met het rijksregisternummer',
      backchannel: 'Gestart door de dienst, zonder browser',
    },
    network: (number) => `Netwerk ${number}`,
    thisNetwork: 'het netwerk dat u nu gebruikt',
    notStarted:
      'Hebt u dit niet gestart? Dan heeft iemand anders uw rijksregisternummer gebruikt. Die persoon is niet aangemeld. Bevestig nooit een verzoek dat u niet zelf hebt gestart.',
    confirmed:
      'Hebt u dit niet gestart? Dan hebt u met uw Smart-ID de aanmelding van iemand anders bevestigd. Die persoon is niet aangemeld. Bevestig nooit een verzoek dat u niet zelf hebt gestart.',
    notYou: {
      heading: 'Was u het niet?',
      paragraphs: [
        'Als iemand anders zich heeft aangemeld, meld dit dan meteen aan de dienst en geef het nummer van de vermelding door. Neem ook contact op met de klantendienst van Smart-ID.',
        'Als er op uw smartphone een verzoek verschijnt dat u niet hebt gestart, annuleer het dan in de Smart-ID-app. Wie uw rijksregisternummer kent, kan verzoeken starten, maar zonder uw pincode komt niemand binnen.',
      ],
    },
    endAllLead:
      'Met deze knop beëindigt u elke aanmelding die een dienst voor u openhoudt, en vergeten we alle browsers die u kennen.',
    endAll: 'Alle aanmeldingen beëindigen en alle browsers vergeten',
    browsers: {
      heading: 'Browsers die u kennen',
      paragraphs: [
        'In deze browsers hebt u zich met de Smart-ID-app aangemeld. Daarom vertrouwen we uw rijksregisternummer daar meer. Als een ervan niet van u is, laat ons die dan vergeten.',
      ],
    },
    noBrowser: 'Geen enkele browser kent u.',
    tooOften:
      'U hebt dit in korte tijd te vaak gedaan. Probeer het opnieuw wanneer de tijd hieronder voorbij is.',
    forgotten: {
      one: 'De browser is vergeten.',
      all: 'Alle browsers zijn vergeten, en elke aanmelding die een dienst voor u openhield, is beëindigd.',
    },
    thisBrowser: 'Deze browser',
    since: (time) => `Sinds ${time}`,
    used: (time) => `Laatste aanmelding: ${time}`,
    forgetBrowser: 'De browser van deze vermelding vergeten',
    older: 'Oudere vermeldingen',
    newer: 'Nieuwere vermeldingen',
    download: 'Downloaden als bestand (JSON)',
    print: 'Pagina om af te drukken',
    logOut: 'Afmelden',
  },
  errors: {
    400: {
      heading: 'We hebben dat niet begrepen',
      paragraphs: [
        'Uw browser heeft iets gestuurd wat deze pagina niet verwacht. Ga terug naar de dienst die u wilt gebruiken en meld u van daaruit opnieuw aan.',
      ],
    },
    403: {
      heading: 'Dit kwam niet van onze pagina',
      paragraphs: [
        'Een andere website probeerde in uw naam een formulier te versturen. We hebben dat geweigerd. Ga terug naar de dienst die u wilt gebruiken en meld u van daaruit opnieuw aan.',
      ],
    },
    404: {
      heading: 'Hier is niets te vinden',
      paragraphs: [
        'Misschien is het adres verkeerd getypt of verouderd. Om u aan te melden, gaat u naar de dienst die u wilt gebruiken en begint u daar.',
      ],
    },
    405: {
      heading: 'Zo werkt deze pagina niet',
      paragraphs: ['Ga terug naar de dienst die u wilt gebruiken en meld u van daaruit opnieuw aan.'],
    },
    413: {
      heading: 'Te veel gegevens',
      paragraphs: [
        'Het formulier was groter dan we aanvaarden. Ga terug en vul alleen uw rijksregisternummer of persoonlijke code in.',
      ],
    },
    415: {
      heading: 'We hebben dat niet begrepen',
      paragraphs: [
        'Het formulier is verstuurd op een manier die we niet aanvaarden. Ga terug naar de dienst die u wilt gebruiken en meld u van daaruit opnieuw aan.',
      ],
    },
    429: {
      heading: 'Even geduld, alstublieft',
      paragraphs: [
        'Er kwamen vanuit uw netwerk meer verzoeken dan we kunnen beantwoorden. Wacht even en probeer het opnieuw.',
      ],
    },
    500: {
      heading: 'Er is bij ons iets misgelopen',
      paragraphs: [
        'Dat ligt niet aan u. Probeer het zo meteen opnieuw.',
        'Blijft het probleem bestaan, neem dan contact op met de dienst waarbij u zich wilde aanmelden en vermeld het nummer hieronder.',
      ],
    },
    503: {
      heading: 'We zijn zo meteen terug',
      paragraphs: ['De aanmelddienst wordt opnieuw gestart. Wacht enkele seconden en probeer het opnieuw.'],
    },
  },
  openIdError: {
    heading: 'Deze aanmelding kan niet verdergaan',
    paragraphs: [
      'De dienst die u hierheen heeft doorverwezen, heeft een verzoek gestuurd dat we niet kunnen beantwoorden, of de aanmelding is te oud.',
      'Ga terug naar de dienst en meld u van daaruit opnieuw aan. Blijft het probleem bestaan, geef dan aan de dienst door wat hieronder staat.',
    ],
  },
  logout: {
    heading: 'Wilt u zich afmelden?',
    paragraphs: ['De dienst die u hebt gebruikt, vraagt om u ook hier af te melden.'],
    confirm: 'Afmelden',
    stay: 'Aangemeld blijven',
    ongoing: 'U wordt afgemeld',
  },
  unregisteredAddress: {
    lead: (client) =>
      `We kunnen u niet terugbrengen naar ${client}, omdat die dienst een adres heeft opgegeven dat niet bij ons geregistreerd is.`,
    advice: (client) => `Geef aan ${client} door wat hieronder staat. U kunt deze pagina nu sluiten.`,
  },
  logoutErrors: {
    refused: {
      heading: 'Deze afmelding kan niet verdergaan',
      paragraphs: [
        'De dienst die u hierheen heeft doorverwezen, heeft een afmeldverzoek gestuurd dat we niet kunnen aanvaarden, of het verzoek is te oud.',
        'Ga terug naar de dienst en meld u daar af. Blijft het probleem bestaan, geef dan aan de dienst door wat hieronder staat.',
      ],
    },
    failed: {
      heading: 'Er is bij het afmelden iets misgelopen',
      paragraphs: [
        'Dat ligt niet aan u. Probeer het zo meteen opnieuw.',
        'Blijft het probleem bestaan, neem dan contact op met de dienst die u hebt gebruikt en vermeld het nummer hieronder.',
      ],
    },
  },
};
