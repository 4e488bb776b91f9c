import type { Messages, OutcomeText } from './messages.ts';

const tryAgain = 'Mēģināt vēlreiz';
const tryAnotherAccount = 'Mēģināt vēlreiz ar citu kontu';
const getHelp = 'Saņemt Smart-ID palīdzību';
const startFromService =
  'Atgriezieties pakalpojumā, kuru vēlaties izmantot, un sāciet pieslēgšanos tur no jauna.';
const tellService =
  'Ja tas atkārtojas, informējiet tā pakalpojuma sniedzēju, kuram pieslēdzāties, un norādiet tālāk redzamo numuru.';
const notYours = 'Ja šo pieslēgšanos sāka kāds cits, Jūs rīkojāties pareizi.';
const startedInOtherBrowser =
  'Pieslēgšanās tika sākta citā pārlūkā, privātajā logā vai citas lietotnes logā, tāpēc šeit to nevar turpināt.';

/** Our side or the operator's agreement with SK is at fault: the person can only tell the operator. */
const technicalProblem: OutcomeText = {
  heading: 'Radusies tehniska kļūme',
  paragraphs: [
    'Pieslēgties neizdevās, un tā nav Jūsu vaina. Lūdzu, mēģiniet vēlreiz pēc dažām minūtēm.',
    tellService,
  ],
  retry: tryAgain,
};

const refused: OutcomeText = {
  heading: 'Jūs lietotnē atcēlāt pieprasījumu',
  paragraphs: ['Pieslēgšanās nenotika. Ja pieprasījumu nevēlējāties atcelt, mēģiniet vēlreiz.', notYours],
  retry: tryAgain,
};

const refusedCodeChoice: OutcomeText = {
  heading: 'Jūs atcēlāt koda izvēli',
  paragraphs: [
    'Lietotne jautāja, kurš kontroles kods redzams šajā lapā, un Jūs pieprasījumu atcēlāt. Pieslēgšanās nenotika.',
    'Ja neviens no lietotnē redzamajiem kodiem nebija tas, kas redzams šajā lapā, Jūs rīkojāties pareizi: iespējams, kāds cits ir sācis pieslēgšanos Jūsu vārdā.',
  ],
  retry: tryAgain,
};

const failedAtSmartId: OutcomeText = {
  heading: 'Smart-ID nevarēja pabeigt pieslēgšanos',
  paragraphs: ['Smart-ID sistēmā radās kļūda. Pieslēgšanās nenotika. Lūdzu, mēģiniet vēlreiz.'],
  retry: tryAgain,
};

const verificationFailed: OutcomeText = {
  heading: 'Mēs nevarējām pārbaudīt atbildi',
  paragraphs: [
    'Smart-ID atbilde tika saņemta, taču tai nevar uzticēties. Jūsu drošības labad pieslēgšanās nenotika.',
    `Lūdzu, mēģiniet vēlreiz. ${tellService}`,
  ],
  retry: tryAgain,
};

export const lv: Messages = {
  language: 'lv',
  smartIdHelpUrl: 'https://www.smart-id.com/lv/help/faq/',
  appText: (client) => `Pieslēgšanās: ${client}`,
  appTextUnknownBrowser: (client) => `Tas neesat Jūs? Atceliet. Pieslēgšanās: ${client}`,
  ownTextUnknownBrowser: (text) => `Tas neesat Jūs? Atceliet. ${text}`,
  unknownBrowser: (browser) => `(jauns pārlūks: ${browser})`,
  layout: {
    secureSignIn: 'Droša pieslēgšanās',
    simulator: 'Simulēts Smart-ID: nav īsts',
    simulatorPhone: 'Atvērt virtuālo tālruni',
    demo: 'Smart-ID demonstrācijas vide',
    pinNotice: 'PIN kodu ievadiet tikai Smart-ID lietotnē, nekad neievadiet to tīmekļa lapā.',
    help: 'Smart-ID palīdzība',
    opensNewTab: '(tiks atvērta jauna cilne)',
    languages: 'Valodas',
  },
  action: {
    backTo: (client) => `Atgriezties pakalpojumā „${client}”`,
    startAgain: 'Sākt no jauna',
    tryAgain,
    continueTo: (client) => `Turpināt pakalpojumā „${client}”`,
    reference: 'Numurs atbalsta dienestam:',
    startAgainAt: (client) => `Sākt no jauna pakalpojumā „${client}”`,
  },
  methods: {
    title: (client) => `Pieslēgties pakalpojumam „${client}” ar Smart-ID`,
    heading: 'Pieslēgties ar Smart-ID',
    computerLead: 'Noskenējiet QR kodu ar Smart-ID lietotni savā tālrunī.',
    phoneLead: 'Lietotne tiks atvērta šajā tālrunī, un pēc tam Jūs atgriezīsieties šeit.',
    tabletLead: 'Noskenējiet QR kodu ar tālruni vai izmantojiet Smart-ID lietotni šajā planšetdatorā.',
    steps: [
      'Atveriet Smart-ID lietotni savā tālrunī',
      'Pieskarieties pogai „Skenēt QR kodu”',
      'Pārbaudiet pakalpojuma nosaukumu un ievadiet PIN1',
    ],
    showQr: 'Parādīt QR kodu',
    showQrForOtherDevice: 'Parādīt QR kodu citai ierīcei',
    openApp: 'Atvērt Smart-ID lietotni',
    openAppOnThisDevice: 'Atvērt Smart-ID lietotni šajā ierīcē',
    personalCode: 'Izmantot personas kodu',
    personalCodeInstead: 'Pieslēgties ar personas kodu',
    qrInstead: 'Pieslēgties ar QR kodu',
    otherMethods: 'Pieslēgties citā veidā',
    or: 'vai',
    starting: 'Vienu mirkli…',
  },
  qr: {
    title: (client) => `Noskenējiet QR kodu: ${client}`,
    heading: 'Noskenējiet kodu, lai pieslēgtos',
    lead: 'Skenējiet to ar Smart-ID lietotni, nevis ar kameras lietotni.',
    picture: 'QR kods Smart-ID lietotnei',
    preparing: 'Pēc mirkļa šeit parādīsies QR kods',
    secondsLeft: {
      zero: 'Kods derīgs vēl {seconds} sekunžu',
      one: 'Kods derīgs vēl {seconds} sekundi',
      other: 'Kods derīgs vēl {seconds} sekundes',
    },
    expiring: 'Koda derīgums drīz beigsies',
    expired: 'Koda derīgums ir beidzies. Ja to jau noskenējāt, turpiniet lietotnē.',
    newCode: 'Parādīt jaunu kodu',
    interrupted: 'Savienojums pārtrūka. Kods atkal parādīsies, kad savienojums būs atjaunots.',
    scanOnVirtualPhone: 'Skenēt kodu ar virtuālo tālruni',
    holding: 'Turiet tālruni ekrāna priekšā, apmēram plaukstas attālumā, līdz lietotne atpazīst kodu.',
  },
  web2app: {
    title: (client) => `Turpiniet Smart-ID lietotnē: ${client}`,
    heading: 'Turpiniet Smart-ID lietotnē',
    lead: 'Pārbaudiet pakalpojuma nosaukumu lietotnē un ievadiet PIN1. Pēc tam Jūs automātiski atgriezīsieties šeit.',
    preparing: 'Pēc mirkļa šeit parādīsies poga lietotnes atvēršanai',
    secondsLeft: {
      zero: 'Atveriet lietotni {seconds} sekunžu laikā',
      one: 'Atveriet lietotni {seconds} sekundes laikā',
      other: 'Atveriet lietotni {seconds} sekunžu laikā',
    },
    expiring: 'Laiks lietotnes atvēršanai drīz beigsies',
    expired: 'Laiks lietotnes atvēršanai ir beidzies. Ja lietotni jau atvērāt, turpiniet tajā.',
    newLink: 'Sākt no jauna',
    confirmedHeading: 'Turpiniet jaunajā cilnē',
    confirmedLead:
      'Jūs apstiprinājāt pieslēgšanos lietotnē un atgriežaties pārlūkā. Pieslēgšanās turpinās cilnē, kuru atver lietotne.',
  },
  login: {
    title: (client) => `Pieslēgties pakalpojumam „${client}” ar personas kodu`,
    heading: 'Pieslēgties ar personas kodu',
    lead: 'Mēs nosūtīsim pieprasījumu uz Jūsu Smart-ID lietotni.',
    remember: 'Atcerēties manu personas kodu šajā pārlūkā',
    sendTo: (lastFour) => `Nosūtīt pieprasījumu uz tālruni, personas kods …${lastFour}`,
    otherCode: 'Izmantot citu personas kodu',
    expected: (country, lastFour) =>
      `Šeit var pieslēgties tikai persona, kuras personas kods (${country}) beidzas ar ${lastFour}.`,
    expectedDocument: (country, end) =>
      `Šeit var pieslēgties tikai persona, kuras pases vai personas apliecības numurs (${country}) beidzas ar ${end}.`,
    country: 'Valsts',
    personalCode: 'Personas kods',
    submit: 'Turpināt',
    submitting: 'Notiek nosūtīšana…',
    countries: { EE: 'Igaunija', LV: 'Latvija', LT: 'Lietuva', BE: 'Beļģija' },
    hints: {
      EE: (example) => `Igaunija: 11 cipari, piemēram, ${example}`,
      LV: (example) => `Latvija: 11 cipari, piemēram, ${example}`,
      LT: (example) => `Lietuva: 11 cipari, piemēram, ${example}`,
      BE: (example) => `Beļģija: nacionālā reģistra numurs, 11 cipari, piemēram, ${example}`,
    },
    errorTitle: (title) => `Kļūda: ${title}`,
    errorHeading: 'Lūdzu, pārbaudiet',
    errors: {
      country: 'Izvēlieties valsti, kas piešķīrusi Jūsu personas kodu',
      empty: 'Ievadiet savu personas kodu',
      format: 'Tas nav izvēlētās valsts personas kods',
      checkDigit: 'Personas kodā ir ievades kļūda. Pārbaudiet ciparus',
      otherCountry: (country) =>
        `Tas izskatās pēc citas valsts personas koda: ${country}. Pārbaudiet valsti un turpiniet`,
    },
    entered: (country, firstFour) => `Jūs ievadījāt: ${country}, ${firstFour}…`,
    tryCountry: (country) => `Mēģināt ar citu valsti: ${country}`,
  },
  wait: {
    title: (client) => `Apstipriniet tālrunī: ${client}`,
    heading: 'Salīdziniet šo kodu',
    rememberHeading: 'Iegaumējiet šo kodu',
    confirmHeading: 'Tagad apstipriniet Smart-ID lietotnē',
    sendingHeading: 'Nosūtām pieprasījumu uz Jūsu tālruni',
    sendingLead: 'Turiet tālruni pa rokai. Pēc mirkļa šeit parādīsies kods, kas jāsalīdzina.',
    lead: 'Ja lietotnē redzami vairāki kodi, izvēlieties šo. Ievadiet PIN1 tikai tad, ja lietotnē redzams tieši šis kods.',
    codeFirstLead:
      'Pēc mirkļa tas Jums būs vajadzīgs Smart-ID lietotnē. Ievadiet PIN1 tikai tad, ja lietotnē redzams tieši šis kods.',
    confirmLead:
      'Ja pieprasījums neparādās, atveriet lietotni. Ievadiet PIN1 tikai tad, ja lietotnē redzams tieši šis kods.',
    code: 'Kontroles kods:',
    secondsLeft: {
      zero: 'Gaidīsim Jūsu apstiprinājumu vēl {seconds} sekunžu',
      one: 'Gaidīsim Jūsu apstiprinājumu vēl {seconds} sekundi',
      other: 'Gaidīsim Jūsu apstiprinājumu vēl {seconds} sekundes',
    },
    pushPending: 'Pēc mirkļa pieprasījums tiks nosūtīts uz Jūsu tālruni',
    overdue: 'Laiks ir beidzies, pārbaudām Smart-ID atbildi',
    cancel: 'Atcelt',
    cancelling: 'Notiek atcelšana…',
    interrupted: 'Nav savienojuma, turpinām mēģināt',
  },
  continuing: {
    loggedIn: 'Pieslēgšanās ir pabeigta',
    heading: (client) => `Notiek pāreja uz pakalpojumu „${client}”`,
    lead: 'Tas aizņems tikai mirkli. Ja nekas nenotiek, izmantojiet pogu.',
    link: 'Turpināt',
  },
  moment: {
    heading: 'Vienu mirkli, lūdzu',
    login:
      'Pašlaik nevaram turpināt, un tā nav Jūsu vaina. Jūsu pieslēgšanās nav zaudēta: šī lapa atjaunosies pati.',
    page: 'Pašlaik nevaram turpināt, un tā nav Jūsu vaina. Šī lapa atjaunosies pati.',
    form: 'Pašlaik to nevaram izdarīt, un tā nav Jūsu vaina. Atgriezieties un pēc minūtes mēģiniet vēlreiz.',
  },
  outcomes: {
    request_malformed: technicalProblem,
    relying_party_not_allowed: technicalProblem,
    client_too_old: technicalProblem,
    account_not_found: {
      heading: 'Smart-ID konts nav atrasts',
      paragraphs: [
        'Šim personas kodam nav Smart-ID konta. Pārbaudiet valsti un kodu un mēģiniet vēlreiz.',
        'Ja Jums vēl nav Smart-ID, to var iegūt Smart-ID tīmekļa vietnē.',
      ],
      help: { label: 'Kā iegūt Smart-ID', first: false },
      retry: 'Pārbaudīt kodu un mēģināt vēlreiz',
    },
    account_not_suitable: {
      heading: 'Jāpaaugstina Jūsu Smart-ID konta līmenis',
      paragraphs: [
        'Jūs izmantojat Smart-ID Basic kontu. Šim kontam ir ierobežota piekļuve: to var izmantot internetbankā, taču ar to nevarēsiet pieslēgties citiem e-pakalpojumiem, parakstīt dokumentus u. tml. Lūdzu, paaugstiniet sava Smart-ID konta līmeni. Jums jāizveido jauns konts elektroniski, izmantojot eID karti vai mobilo ID (Lietuvā), vai arī apmeklējot bankas filiāli.',
      ],
      help: { label: 'Kā paaugstināt konta līmeni', first: true },
      retry: tryAnotherAccount,
    },
    attention_required: {
      heading: 'Smart-ID nepieciešama Jūsu rīcība',
      paragraphs: [
        'Atveriet Smart-ID lietotni vai Smart-ID pašapkalpošanās portālu: tur kaut kas gaida Jūsu rīcību. Kad tas būs paveikts, mēģiniet vēlreiz.',
      ],
      help: { label: getHelp, first: false },
      retry: tryAgain,
    },
    maintenance: {
      heading: 'Notiek Smart-ID apkope',
      paragraphs: [
        'Notiek Smart-ID apkopes darbi, tāpēc Smart-ID pašlaik nevar izmantot. Lūdzu, mēģiniet vēlreiz vēlāk.',
      ],
      help: { label: 'Smart-ID jaunumi', first: false },
      retry: tryAgain,
    },
    service_failed: {
      heading: 'Smart-ID neatbild',
      paragraphs: [
        'Pašlaik nevaram sazināties ar Smart-ID. Pieslēgšanās nenotika. Lūdzu, mēģiniet vēlreiz pēc dažām minūtēm.',
      ],
      retry: tryAgain,
    },
    revocation_unavailable: {
      heading: 'Nevarējām pārbaudīt Jūsu Smart-ID derīgumu',
      paragraphs: [
        'Pakalpojums, kas apstiprina Smart-ID derīgumu, pašlaik neatbild. Jūsu drošības labad pieslēgšanās nenotika. Lūdzu, mēģiniet vēlreiz pēc dažām minūtēm.',
      ],
      retry: tryAgain,
    },
    session_not_found: {
      heading: 'Šis pieprasījums vairs nav derīgs',
      paragraphs: [
        'Smart-ID šo pieprasījumu vairs neatpazīst, iespējams, tāpēc, ka pagāja pārāk ilgs laiks. Lūdzu, mēģiniet vēlreiz.',
      ],
      retry: tryAgain,
    },
    country_not_allowed: {
      heading: 'Šis pakalpojums nepieņem Jūsu valsts Smart-ID',
      paragraphs: [
        'Jūs apstiprinājāt pieslēgšanos ar tādas valsts Smart-ID, kuru šis pakalpojums nepieņem. Pieslēgšanās nenotika.',
        'Ja Jums ir citas valsts Smart-ID, mēģiniet vēlreiz ar to.',
      ],
      retry: tryAnotherAccount,
    },
    person_mismatch: {
      heading: 'Tika gaidīta cita persona',
      paragraphs: [
        'Pieslēgšanās tika sākta vienas personas vārdā, bet apstiprināta ar citas personas Smart-ID. Pieslēgšanās nenotika.',
        'Mēģiniet vēlreiz ar tās personas Smart-ID, kuru gaida pakalpojums.',
      ],
      retry: tryAgain,
    },
    callback_refused: {
      heading: 'Neizdevās apstiprināt Jūsu atgriešanos no lietotnes',
      paragraphs: [
        'Smart-ID lietotne atvēra pārlūka logu, kurā šī pieslēgšanās netika sākta, piemēram, citu pārlūku, privāto logu vai logu citā lietotnē. Jūsu drošības labad pieslēgšanās nenotika.',
        'Mēģiniet šeit vēlreiz ar QR kodu vai personas kodu.',
      ],
      retry: tryAgain,
    },
    too_many_logins: {
      heading: 'Lūdzu, nedaudz uzgaidiet',
      paragraphs: [
        'Īsā laikā tika veikts ļoti daudz pieslēgšanās mēģinājumu, tāpēc ar nākamo ir jāpagaida. Pieslēgšanās nenotika.',
        'Mēģiniet vēlreiz, kad būs pagājis tālāk norādītais laiks.',
      ],
      retry: tryAgain,
    },
    too_many_waiting: {
      heading: 'Pašlaik pieslēdzas ļoti daudz cilvēku',
      paragraphs: [
        'Pieslēgšanos gaida tik daudz cilvēku, ka nākamajam ir nedaudz jāpagaida. Pieslēgšanās nenotika.',
        'Mēģiniet vēlreiz, kad būs pagājis tālāk norādītais laiks.',
      ],
      retry: tryAgain,
    },
    too_many_logins_of_person: {
      heading: 'Lūdzu, uzgaidiet pirms nākamā mēģinājuma',
      paragraphs: [
        'Ar šo personas kodu īsā laikā tika veikts daudz pieslēgšanās mēģinājumu, tāpēc ar nākamo ir jāpagaida. Pieslēgšanās nenotika.',
        'Nekad neapstipriniet Smart-ID lietotnē pieprasījumu, ja pieslēgšanos nesākāt Jūs.',
      ],
      retry: tryAgain,
    },
    push_too_soon: {
      heading: 'Ar nākamo pieprasījumu ir jāpagaida',
      paragraphs: [
        'Lai nevienu neapgrūtinātu ar daudziem pieprasījumiem, uz tālruni vienlaikus sūtām tikai vienu. Ja pieprasījumi netiek apstiprināti, gaidīšanas laiks ar katru reizi kļūst ilgāks.',
        'Ja Smart-ID lietotnē redzat pieprasījumu, kuru ierosināja kāds cits, atceliet to lietotnē.',
      ],
      retry: tryAgain,
    },
    user_refused: refused,
    user_refused_interaction: refused,
    user_refused_certificate_choice: {
      heading: 'Konts netika izvēlēts',
      paragraphs: [
        'Jums ir Smart-ID vairākās ierīcēs, un vienā no tām pieprasījums tika atcelts.',
        'Mēģiniet vēlreiz un apstipriniet to ierīcē, kuru vēlaties izmantot.',
      ],
      retry: tryAgain,
    },
    timeout: {
      heading: 'Laiks ir beidzies',
      paragraphs: [
        'No Jūsu tālruņa laikus netika saņemta atbilde, tāpēc pieslēgšanās nenotika.',
        'Pārbaudiet, vai tālrunis ir ieslēgts un savienots ar internetu, un mēģiniet vēlreiz. Ja pieprasījums neparādās, atveriet Smart-ID lietotni manuāli.',
      ],
      retry: tryAgain,
    },
    wrong_verification_code: {
      heading: 'Kodi nesakrita',
      paragraphs: [
        'Lietotnē tika izvēlēts nepareizs kontroles kods, tāpēc pieslēgšanās nenotika.',
        'Uzmanību! Ja lietotnē redzamais kods nebija tas, kas redzams šajā lapā, iespējams, kāds cits ir sācis pieslēgšanos Jūsu vārdā. Nekad neapstipriniet pieprasījumu, ja pieslēgšanos nesākāt Jūs.',
      ],
      retry: tryAgain,
    },
    document_unusable: {
      heading: 'Jūsu Smart-ID pašlaik nevar izmantot',
      paragraphs: [
        'Atveriet Smart-ID lietotni, lai uzzinātu iemeslu, vai sazinieties ar Smart-ID atbalsta dienestu. Pieslēgšanās nenotika.',
      ],
      help: { label: getHelp, first: true },
      retry: tryAgain,
    },
    account_unusable: {
      heading: 'Jūsu Smart-ID kontu nevar izmantot',
      paragraphs: [
        'Atveriet Smart-ID lietotni, lai uzzinātu iemeslu, vai sazinieties ar Smart-ID atbalsta dienestu. Pieslēgšanās nenotika.',
      ],
      help: { label: getHelp, first: true },
      retry: tryAnotherAccount,
    },
    interaction_not_supported: {
      heading: 'Jūsu Smart-ID lietotne ir novecojusi',
      paragraphs: [
        'Atjauniniet Smart-ID lietotni savā tālrunī, izmantojot lietotņu veikalu, un mēģiniet vēlreiz.',
      ],
      help: { label: 'Kā atjaunināt lietotni', first: false },
      retry: tryAgain,
    },
    protocol_failure: failedAtSmartId,
    server_error: failedAtSmartId,
    expected_linked_session: failedAtSmartId,
    unknown_end_result: {
      heading: 'Pieslēgties neizdevās',
      paragraphs: [
        'Smart-ID pārtrauca pieslēgšanos mums nezināma iemesla dēļ. Pieslēgšanās nenotika. Lūdzu, mēģiniet vēlreiz.',
      ],
      retry: tryAgain,
    },
    response_malformed: verificationFailed,
    response_refused: verificationFailed,
  },
  basicAccount: {
    faq: 'Vairāk informācijas – Smart-ID biežāk uzdotajos jautājumos',
    ways: 'Kā reģistrēt pilnas piekļuves kontu:',
    idCard: 'eID karte: vajadzīga karte, tās PIN kodi un karšu lasītājs',
    mobileId: 'Mobilais ID: vajadzīgs tālrunis ar mobilā ID SIM karti',
    bankOffice: 'Bankas filiāle: paņemiet līdzi personu apliecinošu dokumentu',
  },
  expectedPersonNotFound:
    'Pakalpojums šeit gaida vienu noteiktu personu, bet šai personai nav Smart-ID konta.',
  refusedInteractions: {
    displayTextAndPIN: {
      heading: 'Jūs atcēlāt PIN koda ievadi',
      paragraphs: [
        'Lietotne lūdza ievadīt PIN1, un Jūs pieprasījumu atcēlāt. Pieslēgšanās nenotika.',
        `${notYours} Ja aizmirsāt PIN1, norādījumus atradīsiet Smart-ID palīdzības lapā.`,
      ],
      help: { label: 'Aizmirsu PIN kodu', first: false },
      retry: tryAgain,
    },
    confirmationMessage: {
      heading: 'Jūs neapstiprinājāt ziņojumu',
      paragraphs: [
        'Lietotnē bija redzams, kādam pakalpojumam Jūs gatavojāties pieslēgties, un Jūs pieprasījumu atcēlāt. Pieslēgšanās nenotika.',
        notYours,
      ],
      retry: tryAgain,
    },
    confirmationMessageAndVerificationCodeChoice: refusedCodeChoice,
    verificationCodeChoice: refusedCodeChoice,
  },
  retryIn: 'Varēsiet mēģināt vēlreiz {when}',
  retryNow: 'Tagad varat mēģināt vēlreiz.',
  notices: {
    continuesInOtherTab: {
      heading: 'Šo cilni varat aizvērt',
      paragraphs: ['Pieslēgšanās turpinās citā cilnē, kuru atvēra Smart-ID lietotne.'],
    },
    otherBrowser: {
      heading: 'Jūs atgriezāties citā pārlūkā',
      paragraphs: [
        startedInOtherBrowser,
        'Atgriezieties tur, kur sākāt, un izvēlieties QR kodu vai personas kodu. Varat arī sākt no jauna pakalpojumā.',
      ],
    },
    callbackUsed: {
      heading: 'Šī atgriešanās saite jau ir izmantota',
      paragraphs: [
        'Saite, pa kuru no Smart-ID lietotnes atgriežaties šeit, darbojas vienu reizi un tikai īsu laiku.',
        'Ja pieslēgšanās vēl nav notikusi, atgriezieties pakalpojumā, kuru vēlaties izmantot, un sāciet pieslēgšanos tur no jauna.',
      ],
    },
    pushNotAllowed: {
      heading: 'Vispirms pieslēdzieties ar Smart-ID lietotni',
      paragraphs: [
        'Lai pasargātu Jūs no svešiniekiem, kuri zina Jūsu personas kodu, mēs sūtām pieprasījumus uz Jūsu tālruni tikai no pārlūkiem, kurus jau iepriekš izmantojāt.',
        'Šoreiz izmantojiet QR kodu vai Smart-ID lietotni. Pēc tam šajā pārlūkā varēsiet izmantot arī personas kodu.',
      ],
    },
    personNotAccepted: {
      heading: 'Šis pakalpojums nepieņem Jūsu valsts Smart-ID',
      paragraphs: [
        'Pakalpojums šeit gaida vienu noteiktu personu, bet šīs personas Smart-ID ir no valsts, kuras Smart-ID šis pakalpojums nepieņem.',
        'Atgriezieties pakalpojumā. Ja tas atkārtojas, informējiet pakalpojuma sniedzēju un norādiet tālāk redzamo informāciju.',
      ],
    },
    expired: {
      heading: 'Šī pieslēgšanās ir beigusies',
      paragraphs: [
        'Tā aizņēma pārāk daudz laika, tika atcelta vai tika sākta citā pārlūkā.',
        startFromService,
      ],
    },
    noCookies: {
      heading: 'Mēs nevaram atpazīt Jūsu pārlūku',
      paragraphs: [
        'Jūsu pārlūks nenosūtīja sīkdatni, bet tā ir vajadzīga, lai Jūsu pieslēgšanos nošķirtu no citu lietotāju pieslēgšanās. Atļaujiet šajā vietnē sīkdatnes.',
        'Tas pats notiek, ja pieslēgšanās tika atvērta citā pārlūkā vai sākta pārāk sen. Tādā gadījumā atgriezieties pakalpojumā, kuru vēlaties izmantot, un sāciet pieslēgšanos tur no jauna.',
      ],
    },
    finished: {
      heading: 'Jūs jau esat sistēmā',
      paragraphs: [
        'Pieslēgšanās ir pabeigta. Turpiniet pakalpojumā; šajā lapā vairs nekas nav jādara, un to var aizvērt.',
      ],
    },
    loggedOut: {
      heading: 'Jūs izgājāt no sistēmas',
      paragraphs: ['Tagad šo lapu varat aizvērt.'],
    },
    stillLoggedIn: {
      heading: 'Jūs joprojām esat sistēmā',
      paragraphs: ['Nekas netika mainīts. Tagad šo lapu varat aizvērt.'],
    },
  },
  browser: {
    known: {
      heading: 'Mēs atceramies šo pārlūku',
      paragraphs: [
        'Šeit Jūs pieslēdzāties ar Smart-ID lietotni, tāpēc šajā pārlūkā Jūsu personas kodam uzticamies vairāk nekā citur.',
        'Ja šo pārlūku izmanto arī citi, ļaujiet mums to aizmirst.',
      ],
    },
    keepsLogin:
      'Kāds pakalpojums šeit uz laiku ir saglabājis Jūsu pieslēgšanos. Ja mēs aizmirsīsim šo pārlūku, šī pieslēgšanās beigsies.',
    remembersCode: (lastFour) => `Šajā pārlūkā ir saglabāts Jūsu personas kods, kas beidzas ar ${lastFour}.`,
    forget: 'Aizmirst šo pārlūku',
    forgetting: 'Aizmirstam…',
    unknown: {
      heading: 'Mēs neatceramies šo pārlūku',
      paragraphs: ['Šeit nav saglabāta neviena pieslēgšanās. Nav ko aizmirst.'],
    },
    forgotten: {
      heading: 'Šis pārlūks ir aizmirsts',
      paragraphs: [
        'Nākamā pieslēgšanās šeit tiks uzskatīta par pieslēgšanos no nezināma pārlūka. Šo lapu varat aizvērt.',
      ],
    },
    link: 'Aizmirst šo pārlūku',
  },
  history: {
    heading: 'Pieslēgšanās Jūsu vārdā',
    start:
      'Pēc pieslēgšanās Jūs redzēsiet, kad kāds Jūsu vārdā ir pieslēdzies vai mēģinājis to darīt, kuram pakalpojumam un ar kādu rezultātu. Neviens cits to neredz.',
    notLoggedIn: 'Pieslēgšanās nenotika. Lūdzu, mēģiniet vēlreiz.',
    loggedOut: 'Jūs izgājāt no sistēmas.',
    lead: (lastFour) =>
      `Personai, kuras personas kods beidzas ar ${lastFour}. Visi laiki ir norādīti pēc UTC.`,
    kept: (days) =>
      `Ierakstus glabā šādu dienu skaitu: ${days}; vecāki ir dzēsti. Ieraksts parādās dažas sekundes pēc notikuma un tehnisku problēmu dēļ var trūkt.`,
    empty: 'Jūsu vārdā nav neviena ieraksta.',
    outcomes: {
      finished: 'Pieslēgšanās notika',
      cancelled: 'Atcelts lapā',
      open: 'Nav pabeigts',
      limited: 'Noraidīts: pārāk daudz mēģinājumu',
      failed: 'Pieslēgšanās nenotika',
    },
    ways: {
      qr: 'Ar QR kodu',
      web2app: 'Ar lietotni tajā pašā ierīcē',
      notification: 'Ar personas kodu',
      backchannel: 'Ierosināja pakalpojums, bez pārlūka',
    },
    network: (number) => `${number}. tīkls`,
    thisNetwork: 'tīkls, ko pašlaik izmantojat',
    notStarted:
      'Vai Jūs to neierosinājāt? Tad kāds cits ir izmantojis Jūsu personas kodu. Šai personai pieslēgties neizdevās. Nekad neapstipriniet pieprasījumu, ko neierosinājāt Jūs.',
    confirmed:
      'Vai Jūs to neierosinājāt? Tad ar savu Smart-ID apstiprinājāt kāda cita pieslēgšanos. Šai personai pieslēgties neizdevās. Nekad neapstipriniet pieprasījumu, ko neierosinājāt Jūs.',
    notYou: {
      heading: 'Vai tas nebijāt Jūs?',
      paragraphs: [
        'Ja pieslēdzies kāds cits, nekavējoties informējiet pakalpojuma sniedzēju un nosauciet ieraksta numuru. Sazinieties arī ar Smart-ID atbalsta dienestu.',
        'Ja tālrunī parādās pieprasījums, ko neierosinājāt Jūs, atceliet to Smart-ID lietotnē. Kas zina Jūsu personas kodu, var ierosināt pieprasījumus, bet bez Jūsu PIN koda neviens nevar pieslēgties.',
      ],
    },
    endAllLead:
      'Ar šo pogu tiek izbeigtas visas pieslēgšanās, ko pakalpojumi Jums ir saglabājuši, un mēs aizmirstam visus pārlūkus, kas Jūs pazīst.',
    endAll: 'Izbeigt visas pieslēgšanās un aizmirst visus pārlūkus',
    browsers: {
      heading: 'Pārlūki, kas Jūs pazīst',
      paragraphs: [
        'Šajos pārlūkos Jūs pieslēdzāties ar Smart-ID lietotni, tāpēc tajos Jūsu personas kodam uzticamies vairāk. Ja kāds no tiem nav Jūsu, ļaujiet mums to aizmirst.',
      ],
    },
    noBrowser: 'Neviens pārlūks Jūs nepazīst.',
    tooOften:
      'Īsā laikā Jūs to darījāt pārāk bieži. Mēģiniet vēlreiz, kad būs pagājis tālāk norādītais laiks.',
    forgotten: {
      one: 'Pārlūks ir aizmirsts.',
      all: 'Visi pārlūki ir aizmirsti, un visas pieslēgšanās, ko pakalpojumi Jums saglabāja, ir izbeigtas.',
    },
    thisBrowser: 'Šis pārlūks',
    since: (time) => `Kopš: ${time}`,
    used: (time) => `Pēdējā pieslēgšanās: ${time}`,
    forgetBrowser: 'Aizmirst šī ieraksta pārlūku',
    older: 'Vecāki ieraksti',
    newer: 'Jaunāki ieraksti',
    download: 'Lejupielādēt kā failu (JSON)',
    print: 'Lapa drukāšanai',
    logOut: 'Iziet',
  },
  errors: {
    400: {
      heading: 'Mēs to nesapratām',
      paragraphs: [`Jūsu pārlūks nosūtīja datus, kurus šī lapa nepieņem. ${startFromService}`],
    },
    403: {
      heading: 'Tas netika nosūtīts no mūsu lapas',
      paragraphs: [
        `Cita vietne mēģināja nosūtīt veidlapu Jūsu vārdā, tāpēc mēs to noraidījām. ${startFromService}`,
      ],
    },
    404: {
      heading: 'Šeit nekā nav',
      paragraphs: [
        'Adrese, iespējams, ir ierakstīta kļūdaini vai ir novecojusi. Lai pieslēgtos, atveriet pakalpojumu, kuru vēlaties izmantot, un sāciet tur.',
      ],
    },
    405: {
      heading: 'Šī lapa tā nedarbojas',
      paragraphs: [startFromService],
    },
    413: {
      heading: 'Nosūtīts pārāk daudz datu',
      paragraphs: [
        'Veidlapa bija lielāka, nekā mēs pieņemam. Atgriezieties un ievadiet tikai savu personas kodu.',
      ],
    },
    415: {
      heading: 'Mēs to nesapratām',
      paragraphs: [`Veidlapa tika nosūtīta tādā veidā, kādu mēs nepieņemam. ${startFromService}`],
    },
    429: {
      heading: 'Lūdzu, nedaudz uzgaidiet',
      paragraphs: [
        'No Jūsu tīkla saņemts vairāk pieprasījumu, nekā varam apstrādāt. Brīdi uzgaidiet un mēģiniet vēlreiz.',
      ],
    },
    500: {
      heading: 'Mūsu sistēmā radās kļūda',
      paragraphs: ['Tā nav Jūsu vaina. Lūdzu, pēc mirkļa mēģiniet vēlreiz.', tellService],
    },
    503: {
      heading: 'Pēc mirkļa būsim atpakaļ',
      paragraphs: ['Pieslēgšanās pakalpojums tiek restartēts. Uzgaidiet dažas sekundes un mēģiniet vēlreiz.'],
    },
  },
  openIdError: {
    heading: 'Šo pieslēgšanos nevar turpināt',
    paragraphs: [
      'Pakalpojums, no kura Jūs šeit nonācāt, nosūtīja pieprasījumu, uz kuru mēs nevaram atbildēt, vai arī pieslēgšanās tika sākta pārāk sen.',
      'Atgriezieties pakalpojumā un sāciet pieslēgšanos tur no jauna. Ja tas atkārtojas, informējiet pakalpojuma sniedzēju un norādiet tālāk redzamo informāciju.',
    ],
  },
  logout: {
    heading: 'Vai vēlaties iziet no sistēmas?',
    paragraphs: ['Pakalpojums, kuru izmantojāt, lūdz beigt Jūsu sesiju arī šeit.'],
    confirm: 'Iziet',
    stay: 'Palikt sistēmā',
    ongoing: 'Notiek iziešana no sistēmas',
  },
  unregisteredAddress: {
    lead: (client) =>
      `Mēs nevaram Jūs novirzīt atpakaļ uz pakalpojumu „${client}”, jo tas norādīja adresi, kas pie mums nav reģistrēta.`,
    advice: (client) =>
      `Lūdzu, informējiet pakalpojuma „${client}” sniedzēju un norādiet tālāk redzamo informāciju. Tagad šo lapu varat aizvērt.`,
  },
  logoutErrors: {
    refused: {
      heading: 'Iziešanu no sistēmas nevar turpināt',
      paragraphs: [
        'Pakalpojums, no kura Jūs šeit nonācāt, nosūtīja iziešanas pieprasījumu, kuru mēs nevaram pieņemt, vai arī tas tika nosūtīts pārāk sen.',
        'Atgriezieties pakalpojumā un izejiet no sistēmas tur. Ja tas atkārtojas, informējiet pakalpojuma sniedzēju un norādiet tālāk redzamo informāciju.',
      ],
    },
    failed: {
      heading: 'Izejot no sistēmas, radās kļūda',
      paragraphs: [
        'Tā nav Jūsu vaina. Lūdzu, pēc mirkļa mēģiniet vēlreiz.',
        'Ja tas atkārtojas, informējiet tā pakalpojuma sniedzēju, kuru izmantojāt, un norādiet tālāk redzamo numuru.',
      ],
    },
  },
};
