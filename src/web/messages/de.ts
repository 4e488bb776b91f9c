import type { Messages, OutcomeText } from './messages.ts';

const technicalProblem: OutcomeText = {
  heading: 'Es liegt ein technisches Problem vor',
  paragraphs: [
    'Die Anmeldung hat nicht funktioniert. Es lag nicht an Ihnen. Bitte versuchen Sie es in einigen Minuten erneut.',
    'Wenn das Problem bestehen bleibt, wenden Sie sich an den Dienst, bei dem Sie sich anmelden wollten, und nennen Sie die unten stehende Nummer.',
  ],
  retry: 'Erneut versuchen',
};

const refused: OutcomeText = {
  heading: 'Sie haben die Anfrage in der App abgebrochen',
  paragraphs: [
    'Sie wurden nicht angemeldet. Falls das nicht Ihre Absicht war, versuchen Sie es erneut.',
    'Falls Sie diese Anmeldung nicht selbst gestartet haben, haben Sie richtig gehandelt.',
  ],
  retry: 'Erneut versuchen',
};

const refusedCodeChoice: OutcomeText = {
  heading: 'Sie haben bei der Auswahl des Codes abgebrochen',
  paragraphs: [
    'Die App hat gefragt, welchen Kontrollcode diese Seite zeigt, und Sie haben dort abgebrochen. Sie wurden nicht angemeldet.',
    'Falls keiner der Codes in der App mit dem auf dieser Seite übereinstimmte, haben Sie richtig gehandelt: Möglicherweise hat jemand anderes eine Anmeldung in Ihrem Namen gestartet.',
  ],
  retry: 'Erneut versuchen',
};

const failedAtSmartId: OutcomeText = {
  heading: 'Smart-ID konnte die Anmeldung nicht abschließen',
  paragraphs: [
    'Bei Smart-ID ist ein Fehler aufgetreten. Sie wurden nicht angemeldet. Bitte versuchen Sie es erneut.',
  ],
  retry: 'Erneut versuchen',
};

const verificationFailed: OutcomeText = {
  heading: 'Wir konnten die Antwort nicht überprüfen',
  paragraphs: [
    'Wir haben eine Antwort von Smart-ID erhalten, können ihr aber nicht vertrauen. Zu Ihrer Sicherheit wurden Sie nicht angemeldet.',
    'Bitte versuchen Sie es erneut. Wenn das Problem bestehen bleibt, wenden Sie sich an den Dienst, bei dem Sie sich anmelden wollten, und nennen Sie die unten stehende Nummer.',
  ],
  retry: 'Erneut versuchen',
};

export const de: Messages = {
  language: 'de',
  smartIdHelpUrl: 'https://www.smart-id.com/help/',
  appText: (client) => `Anmelden bei ${client}`,
  appTextUnknownBrowser: (client) => `Nicht Sie? Abbrechen. Anmelden bei ${client}`,
  ownTextUnknownBrowser: (text) => `Nicht Sie? Abbrechen. ${text}`,
  unknownBrowser: (browser) => `(neuer Browser: ${browser})`,
  layout: {
    secureSignIn: 'Sichere Anmeldung',
    simulator: 'Simulierte Smart-ID: nicht echt',
    simulatorPhone: 'Virtuelles Smartphone öffnen',
    demo: 'Demoumgebung von Smart-ID',
    pinNotice: 'Geben Sie Ihre PIN nur in der Smart-ID-App ein, niemals auf einer Webseite.',
    help: 'Hilfe zu Smart-ID',
    opensNewTab: '(wird in einem neuen Tab geöffnet)',
    languages: 'Sprachen',
  },
  action: {
    backTo: (client) => `Zurück zu ${client}`,
    startAgain: 'Neu beginnen',
    tryAgain: 'Erneut versuchen',
    continueTo: (client) => `Weiter zu ${client}`,
    reference: 'Für den Kundendienst:',
    startAgainAt: (client) => `Neu beginnen bei ${client}`,
  },
  methods: {
    title: (client) => `Mit Smart-ID bei ${client} anmelden`,
    heading: 'Mit Smart-ID anmelden',
    computerLead: 'Scannen Sie einen QR-Code mit der Smart-ID-App auf Ihrem Smartphone.',
    phoneLead: 'Die App wird auf diesem Smartphone geöffnet und bringt Sie danach hierher zurück.',
    tabletLead:
      'Scannen Sie einen QR-Code mit Ihrem Smartphone oder verwenden Sie die Smart-ID-App auf diesem Tablet.',
    steps: [
      'Öffnen Sie die Smart-ID-App auf Ihrem Smartphone',
      'Tippen Sie auf „QR-Code scannen“',
      'Prüfen Sie den Namen des Dienstes und geben Sie Ihre PIN1 ein',
    ],
    showQr: 'QR-Code anzeigen',
    showQrForOtherDevice: 'QR-Code für ein anderes Gerät anzeigen',
    openApp: 'Smart-ID-App öffnen',
    openAppOnThisDevice: 'Smart-ID-App auf diesem Gerät öffnen',
    personalCode: 'Meinen Personencode verwenden',
    personalCodeInstead: 'Stattdessen meinen Personencode verwenden',
    qrInstead: 'Stattdessen einen QR-Code scannen',
    otherMethods: 'Auf andere Weise anmelden',
    or: 'oder',
    starting: 'Einen Moment\u00a0…',
  },
  qr: {
    title: (client) => `QR-Code scannen: ${client}`,
    heading: 'Scannen Sie den Code, um sich anzumelden',
    lead: 'Scannen Sie ihn mit der Smart-ID-App, nicht mit der Kamera-App.',
    picture: 'QR-Code für die Smart-ID-App',
    preparing: 'Der QR-Code erscheint hier in wenigen Augenblicken',
    secondsLeft: {
      one: 'Dieser Code gilt noch {seconds} Sekunde',
      other: 'Dieser Code gilt noch {seconds} Sekunden',
    },
    expiring: 'Der Code läuft gleich ab',
    expired: 'Dieser Code ist abgelaufen. Falls Sie ihn schon gescannt haben, fahren Sie in der App fort.',
    newCode: 'Neuen Code anzeigen',
    interrupted:
      'Die Verbindung wurde unterbrochen. Der Code erscheint erneut, sobald die Verbindung wieder besteht.',
    scanOnVirtualPhone: 'Den Code mit dem virtuellen Smartphone scannen',
    holding:
      'Halten Sie das Smartphone etwa eine Handlänge vor den Bildschirm, bis die App den Code erkennt.',
  },
  web2app: {
    title: (client) => `In der Smart-ID-App fortfahren: ${client}`,
    heading: 'Fahren Sie in der Smart-ID-App fort',
    lead: 'Prüfen Sie in der App den Namen des Dienstes und geben Sie Ihre PIN1 ein. Danach bringt die App Sie hierher zurück.',
    preparing: 'Die Schaltfläche zum Öffnen der App erscheint hier in wenigen Augenblicken',
    secondsLeft: {
      one: 'Öffnen Sie die App innerhalb von {seconds} Sekunde',
      other: 'Öffnen Sie die App innerhalb von {seconds} Sekunden',
    },
    expiring: 'Die Zeit zum Öffnen der App ist fast abgelaufen',
    expired:
      'Die Zeit zum Öffnen der App ist abgelaufen. Falls Sie die App schon geöffnet haben, fahren Sie dort fort.',
    newLink: 'Neu beginnen',
    confirmedHeading: 'Fahren Sie im neuen Tab fort',
    confirmedLead:
      'Sie haben in der App bestätigt, und die App bringt Sie zurück zu Ihrem Browser. Ihre Anmeldung geht in dem Tab weiter, den die App öffnet.',
  },
  login: {
    title: (client) => `Mit Ihrem Personencode bei ${client} anmelden`,
    heading: 'Mit Ihrem Personencode anmelden',
    lead: 'Wir senden eine Anfrage an Ihre Smart-ID-App.',
    remember: 'Meinen Personencode in diesem Browser speichern',
    sendTo: (lastFour) => `Anfrage an das Smartphone von …${lastFour} senden`,
    otherCode: 'Einen anderen Personencode verwenden',
    expected: (country, lastFour) =>
      `Hier kann sich nur die Person anmelden, deren Personencode (${country}) auf ${lastFour} endet.`,
    expectedDocument: (country, end) =>
      `Hier kann sich nur die Person anmelden, deren Pass- oder Personalausweisnummer (${country}) auf ${end} endet.`,
    country: 'Land',
    personalCode: 'Nationalregisternummer oder Personencode',
    submit: 'Weiter',
    submitting: 'Wird gesendet\u00a0…',
    countries: { EE: 'Estland', LV: 'Lettland', LT: 'Litauen', BE: 'Belgien' },
    hints: {
      EE: (example) => `Estland: 11 Ziffern, zum Beispiel ${example}`,
      LV: (example) => `Lettland: 11 Ziffern, zum Beispiel ${example}`,
      LT: (example) => `Litauen: 11 Ziffern, zum Beispiel ${example}`,
      BE: (example) => `Belgien: Nationalregisternummer, 11 Ziffern, zum Beispiel ${example}`,
    },
    errorTitle: (title) => `Fehler: ${title}`,
    errorHeading: 'Bitte prüfen Sie Ihre Eingabe',
    errors: {
      country: 'Wählen Sie das Land Ihrer Nationalregisternummer oder Ihres Personencodes',
      empty: 'Geben Sie Ihre Nationalregisternummer oder Ihren Personencode ein',
      format: 'Das ist keine gültige Nummer des gewählten Landes',
      checkDigit: 'Der Personencode enthält einen Tippfehler. Prüfen Sie die Ziffern',
      otherCountry: (country) =>
        `Das sieht nach dem Personencode eines anderen Landes aus: ${country}. Prüfen Sie das Land und fahren Sie fort`,
    },
    entered: (country, firstFour) => `Ihre Eingabe: ${country}, ${firstFour}…`,
    tryCountry: (country) => `Mit einem anderen Land versuchen: ${country}`,
  },
  wait: {
    title: (client) => `Auf Ihrem Smartphone bestätigen: ${client}`,
    heading: 'Vergleichen Sie diesen Code',
    rememberHeading: 'Merken Sie sich diesen Code',
    confirmHeading: 'Bestätigen Sie jetzt in der Smart-ID-App',
    sendingHeading: 'Die Anfrage wird an Ihr Smartphone gesendet',
    sendingLead:
      'Halten Sie Ihr Smartphone bereit. In wenigen Augenblicken erscheint hier ein Code zum Vergleichen.',
    lead: 'Zeigt die App mehrere Codes, wählen Sie diesen. Geben Sie Ihre PIN1 nur ein, wenn die App genau diesen Code zeigt.',
    codeFirstLead:
      'Die Smart-ID-App fragt Sie gleich danach. Geben Sie Ihre PIN1 nur ein, wenn die App genau diesen Code zeigt.',
    confirmLead:
      'Erscheint keine Anfrage, öffnen Sie die App selbst. Geben Sie Ihre PIN1 nur ein, wenn die App genau diesen Code zeigt.',
    code: 'Kontrollcode:',
    secondsLeft: {
      one: 'Wir warten auf Ihre Bestätigung, noch {seconds} Sekunde',
      other: 'Wir warten auf Ihre Bestätigung, noch {seconds} Sekunden',
    },
    pushPending: 'Die Anfrage geht gleich an Ihr Smartphone',
    overdue: 'Die Zeit ist abgelaufen, wir fragen bei Smart-ID nach',
    cancel: 'Abbrechen',
    cancelling: 'Wird abgebrochen\u00a0…',
    interrupted: 'Keine Verbindung, wir versuchen es weiter',
  },
  continuing: {
    loggedIn: 'Sie sind angemeldet',
    heading: (client) => `Sie werden zu ${client} weitergeleitet`,
    lead: 'Das dauert einen Moment. Falls nichts geschieht, verwenden Sie die Schaltfläche.',
    link: 'Weiter',
  },
  moment: {
    heading: 'Einen Moment bitte',
    login:
      'Wir können gerade nicht fortfahren; das liegt nicht an Ihnen. Ihre Anmeldung geht nicht verloren: Diese Seite aktualisiert sich von selbst.',
    page: 'Wir können gerade nicht fortfahren; das liegt nicht an Ihnen. Diese Seite aktualisiert sich von selbst.',
    form: 'Wir können das gerade nicht tun; das liegt nicht an Ihnen. Gehen Sie zurück und versuchen Sie es in einer Minute erneut.',
  },
  outcomes: {
    request_malformed: technicalProblem,
    relying_party_not_allowed: technicalProblem,
    client_too_old: technicalProblem,
    account_not_found: {
      heading: 'Wir haben kein Smart-ID-Konto gefunden',
      paragraphs: [
        'Zu diesem Personencode gibt es kein Smart-ID-Konto. Prüfen Sie das Land und den Code und versuchen Sie es erneut.',
        'Falls Sie noch keine Smart-ID haben, erhalten Sie sie über die Website von Smart-ID.',
      ],
      help: { label: 'So erhalten Sie Smart-ID', first: false },
      retry: 'Code prüfen und erneut versuchen',
    },
    account_not_suitable: {
      heading: 'Ihre Smart-ID muss erweitert werden',
      paragraphs: [
        'Sie verwenden ein Konto des Typs Smart-ID Basic. Dieses Konto bietet nur eingeschränkten Zugang: Sie können es für das Onlinebanking nutzen, sich damit aber nicht bei anderen Onlinediensten anmelden, keine Dokumente unterzeichnen usw. Bitte erweitern Sie Ihr Smart-ID-Konto. Erstellen Sie dazu ein neues Konto, entweder elektronisch mit Ihrem Personalausweis (eID) oder mit Mobile-ID (in Litauen) oder bei einem Besuch in einer Bankfiliale.',
      ],
      help: { label: 'So erweitern Sie Ihr Konto', first: true },
      retry: 'Mit einem anderen Konto erneut versuchen',
    },
    attention_required: {
      heading: 'Smart-ID benötigt Ihre Aufmerksamkeit',
      paragraphs: [
        'Öffnen Sie die Smart-ID-App oder das Selbstbedienungsportal von Smart-ID: Dort wartet etwas auf Sie. Versuchen Sie es erneut, sobald Sie es erledigt haben.',
      ],
      help: { label: 'Hilfe von Smart-ID', first: false },
      retry: 'Erneut versuchen',
    },
    maintenance: {
      heading: 'Smart-ID wird gewartet',
      paragraphs: [
        'Smart-ID kann wegen Wartungsarbeiten zurzeit nicht verwendet werden. Bitte versuchen Sie es später erneut.',
      ],
      help: { label: 'Neuigkeiten von Smart-ID', first: false },
      retry: 'Erneut versuchen',
    },
    service_failed: {
      heading: 'Smart-ID antwortet nicht',
      paragraphs: [
        'Wir können Smart-ID gerade nicht erreichen. Sie wurden nicht angemeldet. Bitte versuchen Sie es in einigen Minuten erneut.',
      ],
      retry: 'Erneut versuchen',
    },
    revocation_unavailable: {
      heading: 'Wir konnten Ihre Smart-ID nicht prüfen',
      paragraphs: [
        'Der Dienst, der prüft, ob eine Smart-ID noch gültig ist, antwortet gerade nicht. Zu Ihrer Sicherheit wurden Sie nicht angemeldet. Bitte versuchen Sie es in einigen Minuten erneut.',
      ],
      retry: 'Erneut versuchen',
    },
    session_not_found: {
      heading: 'Diese Anfrage ist nicht mehr gültig',
      paragraphs: [
        'Smart-ID kennt diese Anfrage nicht mehr, vielleicht weil es zu lange gedauert hat. Bitte versuchen Sie es erneut.',
      ],
      retry: 'Erneut versuchen',
    },
    country_not_allowed: {
      heading: 'Dieser Dienst akzeptiert keine Smart-ID aus Ihrem Land',
      paragraphs: [
        'Sie haben mit einer Smart-ID aus einem Land bestätigt, das dieser Dienst nicht akzeptiert. Sie wurden nicht angemeldet.',
        'Falls Sie eine Smart-ID aus einem anderen Land haben, versuchen Sie es damit erneut.',
      ],
      retry: 'Mit einem anderen Konto erneut versuchen',
    },
    person_mismatch: {
      heading: 'Es wurde eine andere Person erwartet',
      paragraphs: [
        'Diese Anmeldung wurde für eine bestimmte Person gestartet, aber mit der Smart-ID einer anderen Person bestätigt. Niemand wurde angemeldet.',
        'Versuchen Sie es erneut mit der Smart-ID der Person, die der Dienst erwartet.',
      ],
      retry: 'Erneut versuchen',
    },
    callback_refused: {
      heading: 'Wir konnten Ihre Rückkehr aus der App nicht zuordnen',
      paragraphs: [
        'Die Smart-ID-App hat ein Browserfenster geöffnet, in dem diese Anmeldung nicht begonnen wurde, zum Beispiel einen anderen Browser, ein privates Fenster oder ein Fenster in einer anderen App. Zu Ihrer Sicherheit wurde niemand angemeldet.',
        'Versuchen Sie es hier erneut mit dem QR-Code oder Ihrem Personencode.',
      ],
      retry: 'Erneut versuchen',
    },
    too_many_logins: {
      heading: 'Bitte warten Sie einen Moment',
      paragraphs: [
        'In kurzer Zeit wurden sehr viele Anmeldungen gestartet. Die nächste muss deshalb warten. Sie wurden nicht angemeldet.',
        'Versuchen Sie es erneut, wenn die unten angegebene Zeit abgelaufen ist.',
      ],
      retry: 'Erneut versuchen',
    },
    too_many_waiting: {
      heading: 'Gerade melden sich sehr viele Menschen an',
      paragraphs: [
        'So viele Menschen warten auf ihre Anmeldung, dass die nächste einen Moment warten muss. Sie wurden nicht angemeldet.',
        'Versuchen Sie es erneut, wenn die unten angegebene Zeit abgelaufen ist.',
      ],
      retry: 'Erneut versuchen',
    },
    too_many_logins_of_person: {
      heading: 'Bitte warten Sie vor dem nächsten Versuch',
      paragraphs: [
        'Mit diesem Personencode wurden in kurzer Zeit viele Anmeldungen gestartet. Die nächste muss deshalb warten. Sie wurden nicht angemeldet.',
        'Bestätigen Sie in der Smart-ID-App niemals eine Anfrage, die Sie nicht selbst gestartet haben.',
      ],
      retry: 'Erneut versuchen',
    },
    push_too_soon: {
      heading: 'Die nächste Anfrage muss warten',
      paragraphs: [
        'Damit niemand mit Anfragen überflutet wird, senden wir jeweils nur eine an ein Smartphone. Werden Anfragen nicht bestätigt, verlängert sich die Wartezeit jedes Mal.',
        'Zeigt die Smart-ID-App eine Anfrage, die Sie nicht selbst gestartet haben, brechen Sie sie in der App ab.',
      ],
      retry: 'Erneut versuchen',
    },
    user_refused: refused,
    user_refused_interaction: refused,
    user_refused_certificate_choice: {
      heading: 'Es wurde kein Konto ausgewählt',
      paragraphs: [
        'Sie haben Smart-ID auf mehr als einem Gerät, und die Anfrage wurde auf einem davon abgebrochen.',
        'Versuchen Sie es erneut und bestätigen Sie auf dem Gerät, das Sie verwenden möchten.',
      ],
      retry: 'Erneut versuchen',
    },
    timeout: {
      heading: 'Die Zeit ist abgelaufen',
      paragraphs: [
        'Von Ihrem Smartphone kam nicht rechtzeitig eine Antwort. Sie wurden deshalb nicht angemeldet.',
        'Prüfen Sie, ob Ihr Smartphone eingeschaltet und mit dem Internet verbunden ist, und versuchen Sie es erneut. Falls keine Anfrage erscheint, öffnen Sie die Smart-ID-App selbst.',
      ],
      retry: 'Erneut versuchen',
    },
    wrong_verification_code: {
      heading: 'Die Codes stimmten nicht überein',
      paragraphs: [
        'In der App wurde ein falscher Kontrollcode ausgewählt. Sie wurden deshalb nicht angemeldet.',
        'Vorsicht: Falls der Code in der App nicht derselbe war wie auf dieser Seite, hat möglicherweise jemand anderes eine Anmeldung in Ihrem Namen gestartet. Bestätigen Sie niemals eine Anfrage, die Sie nicht selbst gestartet haben.',
      ],
      retry: 'Erneut versuchen',
    },
    document_unusable: {
      heading: 'Ihre Smart-ID kann gerade nicht verwendet werden',
      paragraphs: [
        'Öffnen Sie die Smart-ID-App, um den Grund zu sehen, oder fragen Sie den Kundendienst von Smart-ID. Sie wurden nicht angemeldet.',
      ],
      help: { label: 'Hilfe von Smart-ID', first: true },
      retry: 'Erneut versuchen',
    },
    account_unusable: {
      heading: 'Ihr Smart-ID-Konto kann nicht verwendet werden',
      paragraphs: [
        'Öffnen Sie die Smart-ID-App, um den Grund zu sehen, oder fragen Sie den Kundendienst von Smart-ID. Sie wurden nicht angemeldet.',
      ],
      help: { label: 'Hilfe von Smart-ID', first: true },
      retry: 'Mit einem anderen Konto erneut versuchen',
    },
    interaction_not_supported: {
      heading: 'Ihre Smart-ID-App ist zu alt',
      paragraphs: [
        'Aktualisieren Sie die Smart-ID-App auf Ihrem Smartphone über den App-Store und versuchen Sie es erneut.',
      ],
      help: { label: 'So aktualisieren Sie die App', first: false },
      retry: 'Erneut versuchen',
    },
    protocol_failure: failedAtSmartId,
    server_error: failedAtSmartId,
    expected_linked_session: failedAtSmartId,
    unknown_end_result: {
      heading: 'Die Anmeldung war nicht erfolgreich',
      paragraphs: [
        'Smart-ID hat die Anmeldung aus einem Grund beendet, den wir nicht kennen. Sie wurden nicht angemeldet. Bitte versuchen Sie es erneut.',
      ],
      retry: 'Erneut versuchen',
    },
    response_malformed: verificationFailed,
    response_refused: verificationFailed,
  },
  basicAccount: {
    faq: 'Weitere Informationen in den häufigen Fragen zu Smart-ID',
    ways: 'So registrieren Sie ein Konto mit vollem Zugang:',
    idCard: 'Personalausweis (eID): Sie brauchen den Ausweis, seine PIN-Codes und ein Kartenlesegerät',
    mobileId: 'Mobile-ID: Sie brauchen das Telefon mit der Mobile-ID-SIM-Karte',
    bankOffice: 'Bankfiliale: Nehmen Sie einen Ausweis mit',
  },
  expectedPersonNotFound:
    'Der Dienst erwartet hier eine bestimmte Person, aber diese hat kein Smart-ID-Konto.',
  refusedInteractions: {
    displayTextAndPIN: {
      heading: 'Sie haben bei der PIN-Eingabe abgebrochen',
      paragraphs: [
        'Die App hat nach Ihrer PIN1 gefragt, und Sie haben dort abgebrochen. Sie wurden nicht angemeldet.',
        'Falls Sie diese Anmeldung nicht selbst gestartet haben, haben Sie richtig gehandelt. Falls Sie Ihre PIN1 vergessen haben, finden Sie in der Hilfe von Smart-ID, was zu tun ist.',
      ],
      help: { label: 'Ich habe meine PIN vergessen', first: false },
      retry: 'Erneut versuchen',
    },
    confirmationMessage: {
      heading: 'Sie haben die Mitteilung nicht bestätigt',
      paragraphs: [
        'Die App hat gezeigt, wo Sie sich anmelden wollten, und Sie haben dort abgebrochen. Sie wurden nicht angemeldet.',
        'Falls Sie diese Anmeldung nicht selbst gestartet haben, haben Sie richtig gehandelt.',
      ],
      retry: 'Erneut versuchen',
    },
    confirmationMessageAndVerificationCodeChoice: refusedCodeChoice,
    verificationCodeChoice: refusedCodeChoice,
  },
  retryIn: 'Sie können es {when} erneut versuchen',
  retryNow: 'Sie können es jetzt erneut versuchen.',
  notices: {
    continuesInOtherTab: {
      heading: 'Sie können diesen Tab schließen',
      paragraphs: [
        'Ihre Anmeldung ging in einem anderen Tab weiter, zu dem die Smart-ID-App Sie geführt hat.',
      ],
    },
    otherBrowser: {
      heading: 'Sie sind in einen anderen Browser zurückgekehrt',
      paragraphs: [
        'Die Anmeldung wurde in einem anderen Browser, einem privaten Fenster oder einem Fenster in einer anderen App begonnen. Deshalb kann sie hier nicht fortgesetzt werden.',
        'Gehen Sie dorthin zurück, wo Sie begonnen haben, und wählen Sie dort den QR-Code oder Ihren Personencode. Oder starten Sie die Anmeldung im Dienst neu.',
      ],
    },
    callbackUsed: {
      heading: 'Dieser Link zur Rückkehr wurde schon verwendet',
      paragraphs: [
        'Der Link, über den die Smart-ID-App Sie zu uns zurückbringt, funktioniert nur einmal und nur für kurze Zeit.',
        'Falls Sie noch nicht angemeldet sind, gehen Sie zurück zu dem Dienst, den Sie nutzen möchten, und melden Sie sich von dort aus erneut an.',
      ],
    },
    pushNotAllowed: {
      heading: 'Melden Sie sich zuerst mit der Smart-ID-App an',
      paragraphs: [
        'Um Sie vor Fremden zu schützen, die Ihren Personencode kennen, senden wir Anfragen an Ihr Smartphone nur aus Browsern, die Sie schon einmal verwendet haben.',
        'Verwenden Sie diesmal den QR-Code oder die Smart-ID-App. Danach funktioniert Ihr Personencode auch in diesem Browser.',
      ],
    },
    personNotAccepted: {
      heading: 'Dieser Dienst akzeptiert keine Smart-ID aus Ihrem Land',
      paragraphs: [
        'Der Dienst erwartet hier eine bestimmte Person, aber deren Smart-ID ist aus einem Land, das dieser Dienst nicht akzeptiert.',
        'Gehen Sie zurück zum Dienst. Wenn das Problem bestehen bleibt, teilen Sie dem Dienst mit, was unten steht.',
      ],
    },
    expired: {
      heading: 'Diese Anmeldung ist beendet',
      paragraphs: [
        'Sie hat zu lange gedauert, wurde abgebrochen oder wurde in einem anderen Browser gestartet.',
        'Gehen Sie zurück zu dem Dienst, den Sie nutzen möchten, und melden Sie sich von dort aus erneut an.',
      ],
    },
    noCookies: {
      heading: 'Wir erkennen Ihren Browser nicht wieder',
      paragraphs: [
        'Ihr Browser hat kein Cookie gesendet. Wir benötigen eines, um Ihre Anmeldung von denen anderer Personen zu trennen. Erlauben Sie Cookies für diese Website.',
        'Dasselbe geschieht, wenn eine Anmeldung in einem anderen Browser geöffnet wurde oder zu alt ist. Gehen Sie dann zurück zu dem Dienst, den Sie nutzen möchten, und melden Sie sich von dort aus erneut an.',
      ],
    },
    finished: {
      heading: 'Sie sind bereits angemeldet',
      paragraphs: [
        'Diese Anmeldung ist abgeschlossen. Fahren Sie im Dienst fort. Diese Seite wird nicht mehr benötigt und kann geschlossen werden.',
      ],
    },
    loggedOut: {
      heading: 'Sie sind abgemeldet',
      paragraphs: ['Sie können diese Seite jetzt schließen.'],
    },
    stillLoggedIn: {
      heading: 'Sie sind weiterhin angemeldet',
      paragraphs: ['Es wurde nichts geändert. Sie können diese Seite jetzt schließen.'],
    },
  },
  browser: {
    known: {
      heading: 'Dieser Browser ist uns bekannt',
      paragraphs: [
        'Sie haben sich hier mit der Smart-ID-App angemeldet. Deshalb vertrauen wir Ihrem Personencode in diesem Browser mehr als anderswo.',
        'Falls auch andere Personen diesen Browser verwenden, lassen Sie ihn von uns vergessen.',
      ],
    },
    keepsLogin:
      'Ein Dienst hält Ihre Anmeldung hier eine Zeit lang offen. Wenn wir diesen Browser vergessen, endet diese Anmeldung.',
    remembersCode: (lastFour) =>
      `In diesem Browser ist Ihr Personencode gespeichert, der auf ${lastFour} endet.`,
    forget: 'Diesen Browser vergessen',
    forgetting: 'Wird vergessen\u00a0…',
    unknown: {
      heading: 'Dieser Browser ist uns nicht bekannt',
      paragraphs: ['Hier ist von niemandem eine Anmeldung gespeichert. Es gibt nichts zu vergessen.'],
    },
    forgotten: {
      heading: 'Wir kennen diesen Browser nicht mehr',
      paragraphs: [
        'Die nächste Anmeldung hier wird wie eine aus einem unbekannten Browser behandelt. Sie können diese Seite schließen.',
      ],
    },
    link: 'Diesen Browser vergessen',
  },
  history: {
    heading: 'Anmeldungen in Ihrem Namen',
    start:
      'Nachdem Sie sich angemeldet haben, sehen Sie, wann sich jemand in Ihrem Namen angemeldet hat oder es versucht hat, bei welchem Dienst und mit welchem Ergebnis. Niemand sonst sieht das.',
    notLoggedIn: 'Sie wurden nicht angemeldet. Bitte versuchen Sie es erneut.',
    loggedOut: 'Sie sind abgemeldet.',
    lead: (lastFour) => `Für die Person, deren Personencode auf ${lastFour} endet. Alle Zeiten sind in UTC.`,
    kept: (days) =>
      `Einträge werden ${days === 1 ? 'einen Tag' : `${days} Tage`} lang aufbewahrt; ältere sind gelöscht. Ein Eintrag erscheint einige Sekunden nach dem Ereignis und kann nach einer technischen Störung fehlen.`,
    empty: 'Es gibt keinen Eintrag in Ihrem Namen.',
    outcomes: {
      finished: 'Angemeldet',
      cancelled: 'Auf der Seite abgebrochen',
      open: 'Nicht abgeschlossen',
      limited: 'Abgelehnt: zu viele Versuche',
      failed: 'Nicht angemeldet',
    },
    ways: {
      qr: 'Mit einem QR-Code',
      web2app: 'Mit der App auf demselben Gerät',
      notification: 'Mit dem Personencode',
      backchannel: 'Vom Dienst gestartet, ohne Browser',
    },
    network: (number) => `Netz ${number}`,
    thisNetwork: 'das Netz, das Sie gerade benutzen',
    notStarted:
      'Haben Sie das nicht gestartet? Dann hat jemand anderes Ihren Personencode benutzt. Diese Person wurde nicht angemeldet. Bestätigen Sie niemals eine Anfrage, die Sie nicht selbst gestartet haben.',
    confirmed:
      'Haben Sie das nicht gestartet? Dann haben Sie mit Ihrer Smart-ID die Anmeldung einer anderen Person bestätigt. Diese Person wurde nicht angemeldet. Bestätigen Sie niemals eine Anfrage, die Sie nicht selbst gestartet haben.',
    notYou: {
      heading: 'Waren Sie das nicht?',
      paragraphs: [
        'Wenn sich jemand anderes angemeldet hat, informieren Sie sofort den Dienst und nennen Sie die Nummer des Eintrags. Wenden Sie sich auch an den Kundendienst von Smart-ID.',
        'Wenn auf Ihrem Smartphone eine Anfrage erscheint, die Sie nicht gestartet haben, brechen Sie sie in der Smart-ID-App ab. Wer Ihren Personencode kennt, kann Anfragen starten, aber ohne Ihre PIN kommt niemand hinein.',
      ],
    },
    endAllLead:
      'Mit dieser Schaltfläche beenden Sie jede Anmeldung, die ein Dienst für Sie offen hält, und wir vergessen alle Browser, die Sie kennen.',
    endAll: 'Alle Anmeldungen beenden und alle Browser vergessen',
    browsers: {
      heading: 'Browser, die Sie kennen',
      paragraphs: [
        'In diesen Browsern haben Sie sich mit der Smart-ID-App angemeldet. Deshalb vertrauen wir Ihrem Personencode dort mehr. Wenn einer davon nicht Ihrer ist, lassen Sie ihn von uns vergessen.',
      ],
    },
    noBrowser: 'Kein Browser kennt Sie.',
    tooOften:
      'Sie haben das in kurzer Zeit zu oft getan. Versuchen Sie es erneut, wenn die unten angegebene Zeit abgelaufen ist.',
    forgotten: {
      one: 'Der Browser ist vergessen.',
      all: 'Alle Browser sind vergessen, und jede Anmeldung, die ein Dienst für Sie offen gehalten hat, ist beendet.',
    },
    thisBrowser: 'Dieser Browser',
    since: (time) => `Seit ${time}`,
    used: (time) => `Letzte Anmeldung: ${time}`,
    forgetBrowser: 'Den Browser dieses Eintrags vergessen',
    older: 'Ältere Einträge',
    newer: 'Neuere Einträge',
    download: 'Als Datei herunterladen (JSON)',
    print: 'Seite zum Drucken',
    logOut: 'Abmelden',
  },
  errors: {
    400: {
      heading: 'Das haben wir nicht verstanden',
      paragraphs: [
        'Ihr Browser hat etwas gesendet, das diese Seite nicht erwartet. Gehen Sie zurück zu dem Dienst, den Sie nutzen möchten, und melden Sie sich von dort aus erneut an.',
      ],
    },
    403: {
      heading: 'Das kam nicht von unserer Seite',
      paragraphs: [
        'Eine andere Website hat versucht, in Ihrem Namen ein Formular zu senden. Wir haben das abgelehnt. Gehen Sie zurück zu dem Dienst, den Sie nutzen möchten, und melden Sie sich von dort aus erneut an.',
      ],
    },
    404: {
      heading: 'Diese Seite gibt es nicht',
      paragraphs: [
        'Die Adresse ist vielleicht falsch geschrieben oder veraltet. Um sich anzumelden, gehen Sie zu dem Dienst, den Sie nutzen möchten, und beginnen Sie dort.',
      ],
    },
    405: {
      heading: 'So funktioniert diese Seite nicht',
      paragraphs: [
        'Gehen Sie zurück zu dem Dienst, den Sie nutzen möchten, und melden Sie sich von dort aus erneut an.',
      ],
    },
    413: {
      heading: 'Zu viele Daten',
      paragraphs: [
        'Das Formular war größer, als wir akzeptieren. Gehen Sie zurück und geben Sie nur Ihren Personencode ein.',
      ],
    },
    415: {
      heading: 'Das haben wir nicht verstanden',
      paragraphs: [
        'Das Formular wurde auf eine Weise gesendet, die wir nicht akzeptieren. Gehen Sie zurück zu dem Dienst, den Sie nutzen möchten, und melden Sie sich von dort aus erneut an.',
      ],
    },
    429: {
      heading: 'Bitte warten Sie einen Moment',
      paragraphs: [
        'Aus Ihrem Netz kamen mehr Anfragen, als wir beantworten können. Warten Sie kurz und versuchen Sie es erneut.',
      ],
    },
    500: {
      heading: 'Bei uns ist etwas schiefgelaufen',
      paragraphs: [
        'Es lag nicht an Ihnen. Bitte versuchen Sie es gleich noch einmal.',
        'Wenn das Problem bestehen bleibt, wenden Sie sich an den Dienst, bei dem Sie sich anmelden wollten, und nennen Sie die unten stehende Nummer.',
      ],
    },
    503: {
      heading: 'Wir sind gleich wieder da',
      paragraphs: [
        'Der Anmeldedienst wird neu gestartet. Warten Sie einige Sekunden und versuchen Sie es erneut.',
      ],
    },
  },
  openIdError: {
    heading: 'Diese Anmeldung kann nicht fortgesetzt werden',
    paragraphs: [
      'Der Dienst, der Sie hierher geleitet hat, hat eine Anfrage gesendet, die wir nicht beantworten können, oder die Anmeldung ist zu alt.',
      'Gehen Sie zurück zum Dienst und melden Sie sich von dort aus erneut an. Wenn das Problem bestehen bleibt, teilen Sie dem Dienst mit, was unten steht.',
    ],
  },
  logout: {
    heading: 'Möchten Sie sich abmelden?',
    paragraphs: ['Der Dienst, den Sie genutzt haben, bittet darum, Sie auch hier abzumelden.'],
    confirm: 'Abmelden',
    stay: 'Angemeldet bleiben',
    ongoing: 'Sie werden abgemeldet',
  },
  unregisteredAddress: {
    lead: (client) =>
      `Wir können Sie nicht zu ${client} zurückleiten, weil dieser Dienst eine Adresse angegeben hat, die bei uns nicht registriert ist.`,
    advice: (client) =>
      `Bitte teilen Sie ${client} mit, was unten steht. Sie können diese Seite jetzt schließen.`,
  },
  logoutErrors: {
    refused: {
      heading: 'Diese Abmeldung kann nicht fortgesetzt werden',
      paragraphs: [
        'Der Dienst, der Sie hierher geleitet hat, hat eine Abmeldeanfrage gesendet, die wir nicht annehmen können, oder die Anfrage ist zu alt.',
        'Gehen Sie zurück zum Dienst und melden Sie sich dort ab. Wenn das Problem bestehen bleibt, teilen Sie dem Dienst mit, was unten steht.',
      ],
    },
    failed: {
      heading: 'Beim Abmelden ist etwas schiefgelaufen',
      paragraphs: [
        'Es lag nicht an Ihnen. Bitte versuchen Sie es gleich noch einmal.',
        'Wenn das Problem bestehen bleibt, wenden Sie sich an den Dienst, den Sie genutzt haben, und nennen Sie die unten stehende Nummer.',
      ],
    },
  },
};
