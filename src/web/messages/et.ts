import type { Messages, OutcomeText } from './messages.ts';

/** Our side or the operator's agreement with SK is at fault: the person can only tell the operator. */
const technicalProblem: OutcomeText = {
  heading: 'Meil on tehniline rike',
  paragraphs: [
    'Sisselogimine ei õnnestunud ja see ei olnud teie süü. Palun proovige mõne minuti pärast uuesti.',
    'Kui see kordub, andke sellest teada teenusepakkujale, kelle teenusesse soovisite sisse logida, ja lisage allolev number.',
  ],
  retry: 'Proovi uuesti',
};

const refused: OutcomeText = {
  heading: 'Tühistasite päringu rakenduses',
  paragraphs: [
    'Te ei ole sisse logitud. Kui te ei soovinud tühistada, proovige uuesti.',
    'Kui te seda sisselogimist ise ei alustanud, tegite õigesti.',
  ],
  retry: 'Proovi uuesti',
};

const refusedCodeChoice: OutcomeText = {
  heading: 'Tühistasite päringu koodi valimisel',
  paragraphs: [
    'Rakendus küsis, milline kontrollkood on sellel lehel, ja te tühistasite päringu. Te ei ole sisse logitud.',
    'Kui ükski kood rakenduses ei olnud sama mis sellel lehel, tegite õigesti: keegi teine võis alustada sisselogimist teie nimel.',
  ],
  retry: 'Proovi uuesti',
};

const failedAtSmartId: OutcomeText = {
  heading: 'Smart-ID ei saanud sisselogimist lõpule viia',
  paragraphs: ['Smart-ID teenuses tekkis tõrge. Te ei ole sisse logitud. Palun proovige uuesti.'],
  retry: 'Proovi uuesti',
};

const verificationFailed: OutcomeText = {
  heading: 'Me ei saanud vastust kontrollida',
  paragraphs: [
    'Smart-ID saatis vastuse, kuid me ei saa seda usaldada. Teie turvalisuse huvides me teid sisse ei loginud.',
    'Palun proovige uuesti. Kui see kordub, andke sellest teada teenusepakkujale, kelle teenusesse soovisite sisse logida, ja lisage allolev number.',
  ],
  retry: 'Proovi uuesti',
};

export const et: Messages = {
  language: 'et',
  smartIdHelpUrl: 'https://www.smart-id.com/et/abi/kkk/',
  appText: (client) => `Sisselogimine: ${client}`,
  appTextUnknownBrowser: (client) => `Pole teie? Tühistage. Sisselogimine: ${client}`,
  ownTextUnknownBrowser: (text) => `Pole teie? Tühistage. ${text}`,
  unknownBrowser: (browser) => `(uus brauser: ${browser})`,
  layout: {
    secureSignIn: 'Turvaline sisselogimine',
    simulator: 'Simuleeritud Smart-ID, mitte päris',
    simulatorPhone: 'Ava virtuaalne telefon',
    demo: 'Smart-ID demokeskkond',
    pinNotice: 'Sisestage oma PIN-kood ainult Smart-ID rakendusse, mitte kunagi veebilehele.',
    help: 'Smart-ID abi',
    opensNewTab: '(avaneb uuel vahelehel)',
    languages: 'Keeled',
  },
  action: {
    backTo: (client) => `Tagasi teenusesse ${client}`,
    startAgain: 'Alusta uuesti',
    tryAgain: 'Proovi uuesti',
    continueTo: (client) => `Edasi teenusesse ${client}`,
    reference: 'Number klienditoele:',
    startAgainAt: (client) => `Alusta uuesti teenuses ${client}`,
  },
  methods: {
    title: (client) => `Smart-IDga sisselogimine teenusesse ${client}`,
    heading: 'Logige sisse Smart-IDga',
    computerLead: 'Skaneerige QR-kood oma telefoni Smart-ID rakendusega.',
    phoneLead: 'Rakendus avaneb selles telefonis ja toob teid siia tagasi.',
    tabletLead: 'Skaneerige QR-kood oma telefoniga või kasutage Smart-ID rakendust selles tahvelarvutis.',
    steps: [
      'Avage telefonis Smart-ID rakendus',
      'Vajutage „Skaneeri QR-kood“',
      'Kontrollige teenuse nime ja sisestage PIN1-kood',
    ],
    showQr: 'Näita QR-koodi',
    showQrForOtherDevice: 'Näita QR-koodi teise seadme jaoks',
    openApp: 'Ava Smart-ID rakendus',
    openAppOnThisDevice: 'Ava Smart-ID rakendus selles seadmes',
    personalCode: 'Kasuta isikukoodi',
    personalCodeInstead: 'Kasuta hoopis isikukoodi',
    qrInstead: 'Skaneeri hoopis QR-kood',
    otherMethods: 'Logi sisse muul viisil',
    or: 'või',
    starting: 'Üks hetk…',
  },
  qr: {
    title: (client) => `Skaneerige QR-kood: ${client}`,
    heading: 'Sisselogimiseks skaneerige kood',
    lead: 'Skaneerige see Smart-ID rakendusega, mitte kaamerarakendusega.',
    picture: 'QR-kood Smart-ID rakenduse jaoks',
    preparing: 'QR-kood ilmub siia hetke pärast',
    secondsLeft: {
      one: 'Kood kehtib veel {seconds} sekundi',
      other: 'Kood kehtib veel {seconds} sekundit',
    },
    expiring: 'Kood aegub kohe',
    expired: 'Kood on aegunud. Kui olete selle juba skaneerinud, jätkake rakenduses.',
    newCode: 'Näita uut koodi',
    interrupted: 'Ühendus katkes. Kood ilmub uuesti, kui ühendus taastub.',
    scanOnVirtualPhone: 'Skaneeri kood virtuaalse telefoniga',
    holding: 'Hoidke telefoni ekraani ees, umbes käelaba pikkuse kaugusel, kuni rakendus koodi ära tunneb.',
  },
  web2app: {
    title: (client) => `Jätkake Smart-ID rakenduses: ${client}`,
    heading: 'Jätkake Smart-ID rakenduses',
    lead: 'Kontrollige rakenduses teenuse nime ja sisestage PIN1-kood. Seejärel toob rakendus teid siia tagasi.',
    preparing: 'Rakenduse avamise nupp ilmub siia hetke pärast',
    secondsLeft: {
      one: 'Avage rakendus {seconds} sekundi jooksul',
      other: 'Avage rakendus {seconds} sekundi jooksul',
    },
    expiring: 'Rakenduse avamise aeg saab kohe läbi',
    expired: 'Rakenduse avamise aeg on läbi. Kui olete rakenduse juba avanud, jätkake seal.',
    newLink: 'Alusta uuesti',
    confirmedHeading: 'Jätkake uuel vahelehel',
    confirmedLead:
      'Kinnitasite sisselogimise rakenduses ja rakendus viib teid tagasi brauserisse. Sisselogimine jätkub vahelehel, mille rakendus avab.',
  },
  login: {
    title: (client) => `Isikukoodiga sisselogimine teenusesse ${client}`,
    heading: 'Logige sisse isikukoodiga',
    lead: 'Saadame päringu teie Smart-ID rakendusse.',
    remember: 'Jäta minu isikukood selles brauseris meelde',
    sendTo: (lastFour) => `Saada päring telefoni, isikukood …${lastFour}`,
    otherCode: 'Kasuta teist isikukoodi',
    expected: (country, lastFour) =>
      `Siin saab sisse logida ainult inimene, kelle isikukood (${country}) lõpeb numbritega ${lastFour}.`,
    expectedDocument: (country, end) =>
      `Siin saab sisse logida ainult inimene, kelle passi või ID-kaardi number (${country}) lõpeb märkidega ${end}.`,
    country: 'Riik',
    personalCode: 'Isikukood',
    submit: 'Edasi',
    submitting: 'Saadame…',
    countries: { EE: 'Eesti', LV: 'Läti', LT: 'Leedu', BE: 'Belgia' },
    hints: {
      EE: (example) => `Eesti: 11 numbrit, näiteks ${example}`,
      LV: (example) => `Läti: 11 numbrit, näiteks ${example}`,
      LT: (example) => `Leedu: 11 numbrit, näiteks ${example}`,
      BE: (example) => `Belgia: riikliku registri number, 11 numbrit, näiteks ${example}`,
    },
    errorTitle: (title) => `Viga: ${title}`,
    errorHeading: 'Palun kontrollige',
    errors: {
      country: 'Valige isikukoodi väljastanud riik',
      empty: 'Sisestage oma isikukood',
      format: 'See ei ole valitud riigi isikukood',
      checkDigit: 'Isikukoodis on trükiviga. Kontrollige numbreid',
      otherCountry: (country) =>
        `See sarnaneb teise riigi isikukoodiga: ${country}. Kontrollige riiki ja jätkake`,
    },
    entered: (country, firstFour) => `Sisestasite: ${country}, ${firstFour}…`,
    tryCountry: (country) => `Proovi teise riigiga: ${country}`,
  },
  wait: {
    title: (client) => `Kinnitage telefonis: ${client}`,
    heading: 'Võrrelge seda koodi',
    rememberHeading: 'Jätke see kood meelde',
    confirmHeading: 'Kinnitage nüüd Smart-ID rakenduses',
    sendingHeading: 'Saadame päringu teie telefoni',
    sendingLead: 'Hoidke telefon käepärast. Võrdlemiseks vajalik kood ilmub siia hetke pärast.',
    lead: 'Kui rakendus näitab mitut koodi, valige siinne kood. Sisestage PIN1-kood ainult siis, kui rakendus näitab täpselt sama koodi.',
    codeFirstLead:
      'Smart-ID rakendus küsib teilt hetke pärast kinnitust. Sisestage PIN1-kood ainult siis, kui rakendus näitab täpselt sama koodi.',
    confirmLead:
      'Kui päring ei ilmu, avage rakendus ise. Sisestage PIN1-kood ainult siis, kui rakendus näitab täpselt sama koodi.',
    code: 'Kontrollkood:',
    secondsLeft: {
      one: 'Ootame teie kinnitust, aega on {seconds} sekund',
      other: 'Ootame teie kinnitust, aega on {seconds} sekundit',
    },
    pushPending: 'Päring jõuab teie telefoni hetke pärast',
    overdue: 'Aeg on läbi, kontrollime Smart-ID vastust',
    cancel: 'Tühista',
    cancelling: 'Tühistame…',
    interrupted: 'Ühendus puudub, proovime edasi',
  },
  continuing: {
    loggedIn: 'Olete sisse logitud',
    heading: (client) => `Suuname teid teenusesse ${client}`,
    lead: 'See võtab hetke. Kui midagi ei juhtu, kasutage nuppu.',
    link: 'Edasi',
  },
  moment: {
    heading: 'Üks hetk, palun',
    login:
      'Me ei saa praegu jätkata, kuid see ei ole teie süü. Teie sisselogimine ei lähe kaduma: see leht uueneb ise.',
    page: 'Me ei saa praegu jätkata, kuid see ei ole teie süü. See leht uueneb ise.',
    form: 'Me ei saa seda praegu teha, kuid see ei ole teie süü. Minge tagasi ja proovige minuti pärast uuesti.',
  },
  outcomes: {
    request_malformed: technicalProblem,
    relying_party_not_allowed: technicalProblem,
    client_too_old: technicalProblem,
    account_not_found: {
      heading: 'Me ei leidnud Smart-ID kontot',
      paragraphs: [
        'Selle isikukoodiga ei ole Smart-ID kontot. Kontrollige riiki ja isikukoodi ning proovige uuesti.',
        'Kui teil veel Smart-IDd ei ole, saate selle Smart-ID veebilehelt.',
      ],
      help: { label: 'Kuidas saada Smart-ID', first: false },
      retry: 'Kontrolli isikukoodi ja proovi uuesti',
    },
    account_not_suitable: {
      heading: 'Vajate täisõigustega Smart-ID kontot',
      paragraphs: [
        'Kasutate Smart-ID Basic kontot. See on piiratud õigustega konto: saate sellega kasutada internetipanka, kuid te ei saa sisse logida teistesse e-teenustesse, allkirjastada dokumente jms. Palun minge üle täisõigustega Smart-ID kontole. Selleks tuleb teil luua uus konto: elektrooniliselt ID-kaardi või mobiil-IDga (Leedus) või pangakontoris.',
      ],
      help: { label: 'Kuidas saada täisõigustega konto', first: true },
      retry: 'Proovi teise kontoga',
    },
    attention_required: {
      heading: 'Smart-ID vajab teie tähelepanu',
      paragraphs: [
        'Avage Smart-ID rakendus või Smart-ID iseteenindusportaal: seal on midagi, millega peate tegelema. Kui see on tehtud, proovige uuesti.',
      ],
      help: { label: 'Smart-ID abi', first: false },
      retry: 'Proovi uuesti',
    },
    maintenance: {
      heading: 'Smart-ID on hoolduses',
      paragraphs: [
        'Smart-ID teenuses tehakse hooldustöid ja teenust ei saa praegu kasutada. Palun proovige hiljem uuesti.',
      ],
      help: { label: 'Smart-ID uudised', first: false },
      retry: 'Proovi uuesti',
    },
    service_failed: {
      heading: 'Smart-ID ei vasta',
      paragraphs: [
        'Meil ei ole praegu Smart-IDga ühendust. Te ei ole sisse logitud. Palun proovige mõne minuti pärast uuesti.',
      ],
      retry: 'Proovi uuesti',
    },
    revocation_unavailable: {
      heading: 'Teie Smart-ID kehtivust ei saanud kontrollida',
      paragraphs: [
        'Teenus, mis kinnitab Smart-ID kehtivust, praegu ei vasta. Teie turvalisuse huvides me teid sisse ei loginud. Palun proovige mõne minuti pärast uuesti.',
      ],
      retry: 'Proovi uuesti',
    },
    session_not_found: {
      heading: 'See päring ei kehti enam',
      paragraphs: [
        'Smart-ID ei tunne seda päringut enam, võib-olla kulus liiga palju aega. Palun proovige uuesti.',
      ],
      retry: 'Proovi uuesti',
    },
    country_not_allowed: {
      heading: 'See teenus ei aktsepteeri teie riigi Smart-IDd',
      paragraphs: [
        'Kinnitasite sisselogimise sellise riigi Smart-IDga, mida see teenus ei aktsepteeri. Te ei ole sisse logitud.',
        'Kui teil on mõne teise riigi Smart-ID, proovige sellega uuesti.',
      ],
      retry: 'Proovi teise kontoga',
    },
    person_mismatch: {
      heading: 'Ootasime kedagi teist',
      paragraphs: [
        'Sisselogimist alustati ühe inimese jaoks, kuid see kinnitati teise inimese Smart-IDga. Kedagi ei logitud sisse.',
        'Proovige uuesti selle inimese Smart-IDga, keda teenus ootab.',
      ],
      retry: 'Proovi uuesti',
    },
    callback_refused: {
      heading: 'Teie naasmist rakendusest ei õnnestunud kinnitada',
      paragraphs: [
        'Smart-ID rakendus viis teid brauseriaknasse, kus seda sisselogimist ei alustatud, näiteks teise brauserisse, privaatsesse aknasse või mõne muu rakenduse sees avatud aknasse. Teie turvalisuse huvides ei logitud kedagi sisse.',
        'Proovige siin uuesti QR-koodi või isikukoodiga.',
      ],
      retry: 'Proovi uuesti',
    },
    too_many_logins: {
      heading: 'Palun oodake veidi',
      paragraphs: [
        'Lühikese aja jooksul alustati väga palju sisselogimisi, mistõttu tuleb järgmisega oodata. Te ei ole sisse logitud.',
        'Proovige uuesti, kui allpool näidatud aeg on möödas.',
      ],
      retry: 'Proovi uuesti',
    },
    too_many_waiting: {
      heading: 'Praegu logib sisse väga palju inimesi',
      paragraphs: [
        'Sisselogimist ootab nii palju inimesi, et järgmisel tuleb veidi oodata. Te ei ole sisse logitud.',
        'Proovige uuesti, kui allpool näidatud aeg on möödas.',
      ],
      retry: 'Proovi uuesti',
    },
    too_many_logins_of_person: {
      heading: 'Palun oodake enne uut katset',
      paragraphs: [
        'Selle isikukoodiga alustati lühikese aja jooksul palju sisselogimisi, mistõttu tuleb järgmisega oodata. Te ei ole sisse logitud.',
        'Ärge kunagi kinnitage Smart-ID rakenduses päringut, mida te ise ei algatanud.',
      ],
      retry: 'Proovi uuesti',
    },
    push_too_soon: {
      heading: 'Järgmise päringuga tuleb oodata',
      paragraphs: [
        'Et kedagi ei ujutataks päringutega üle, saadame telefoni korraga ainult ühe päringu. Kui päringuid ei kinnitata, on ooteaeg iga korraga pikem.',
        'Kui Smart-ID rakendus näitab päringut, mida te ise ei algatanud, tühistage see rakenduses.',
      ],
      retry: 'Proovi uuesti',
    },
    user_refused: refused,
    user_refused_interaction: refused,
    user_refused_certificate_choice: {
      heading: 'Kontot ei valitud',
      paragraphs: [
        'Teil on Smart-ID mitmes seadmes ja ühes neist päring tühistati.',
        'Proovige uuesti ja kinnitage seadmes, mida soovite kasutada.',
      ],
      retry: 'Proovi uuesti',
    },
    timeout: {
      heading: 'Aeg sai läbi',
      paragraphs: [
        'Teie telefonist ei tulnud õigel ajal vastust, seega ei ole te sisse logitud.',
        'Kontrollige, et telefon oleks sisse lülitatud ja internetiga ühendatud, ning proovige uuesti. Kui päringut ei ilmu, avage Smart-ID rakendus ise.',
      ],
      retry: 'Proovi uuesti',
    },
    wrong_verification_code: {
      heading: 'Koodid ei ühtinud',
      paragraphs: [
        'Rakenduses valiti vale kontrollkood, seega ei ole te sisse logitud.',
        'Olge ettevaatlik: kui kood rakenduses ei olnud sama mis sellel lehel, võis keegi teine alustada sisselogimist teie nimel. Ärge kunagi kinnitage päringut, mida te ise ei algatanud.',
      ],
      retry: 'Proovi uuesti',
    },
    document_unusable: {
      heading: 'Teie Smart-IDd ei saa praegu kasutada',
      paragraphs: [
        'Põhjuse teadasaamiseks avage Smart-ID rakendus või pöörduge Smart-ID klienditoe poole. Te ei ole sisse logitud.',
      ],
      help: { label: 'Smart-ID abi', first: true },
      retry: 'Proovi uuesti',
    },
    account_unusable: {
      heading: 'Teie Smart-ID kontot ei saa kasutada',
      paragraphs: [
        'Põhjuse teadasaamiseks avage Smart-ID rakendus või pöörduge Smart-ID klienditoe poole. Te ei ole sisse logitud.',
      ],
      help: { label: 'Smart-ID abi', first: true },
      retry: 'Proovi teise kontoga',
    },
    interaction_not_supported: {
      heading: 'Teie Smart-ID rakendus on liiga vana',
      paragraphs: ['Uuendage oma telefonis Smart-ID rakendus rakenduste poe kaudu ja proovige uuesti.'],
      help: { label: 'Kuidas rakendust uuendada', first: false },
      retry: 'Proovi uuesti',
    },
    protocol_failure: failedAtSmartId,
    server_error: failedAtSmartId,
    expected_linked_session: failedAtSmartId,
    unknown_end_result: {
      heading: 'Sisselogimine ei õnnestunud',
      paragraphs: [
        'Smart-ID lõpetas sisselogimise põhjusel, mida me ei tea. Te ei ole sisse logitud. Palun proovige uuesti.',
      ],
      retry: 'Proovi uuesti',
    },
    response_malformed: verificationFailed,
    response_refused: verificationFailed,
  },
  basicAccount: {
    faq: 'Lisateavet leiate Smart-ID korduma kippuvatest küsimustest',
    ways: 'Täisõigustega konto registreerimise võimalused:',
    idCard: 'ID-kaart: vaja läheb kaarti, selle PIN-koode ja kaardilugejat',
    mobileId: 'Mobiil-ID: vaja läheb telefoni, milles on mobiil-ID SIM-kaart',
    bankOffice: 'Pangakontor: võtke kaasa isikut tõendav dokument',
  },
  expectedPersonNotFound: 'Teenus ootab siin üht kindlat inimest, kuid temal ei ole Smart-ID kontot.',
  refusedInteractions: {
    displayTextAndPIN: {
      heading: 'Tühistasite päringu PIN1-koodi sisestamisel',
      paragraphs: [
        'Rakendus küsis PIN1-koodi ja te tühistasite päringu. Te ei ole sisse logitud.',
        'Kui te seda sisselogimist ise ei alustanud, tegite õigesti. Kui olete PIN1-koodi unustanud, leiate juhised Smart-ID abist.',
      ],
      help: { label: 'Unustasin PIN-koodi', first: false },
      retry: 'Proovi uuesti',
    },
    confirmationMessage: {
      heading: 'Te ei kinnitanud teadet',
      paragraphs: [
        'Rakendus näitas, kuhu te sisse logite, ja te tühistasite päringu. Te ei ole sisse logitud.',
        'Kui te seda sisselogimist ise ei alustanud, tegite õigesti.',
      ],
      retry: 'Proovi uuesti',
    },
    confirmationMessageAndVerificationCodeChoice: refusedCodeChoice,
    verificationCodeChoice: refusedCodeChoice,
  },
  retryIn: 'Saate uuesti proovida {when}',
  retryNow: 'Saate nüüd uuesti proovida.',
  notices: {
    continuesInOtherTab: {
      heading: 'Võite selle vahelehe sulgeda',
      paragraphs: ['Sisselogimine jätkus teisel vahelehel, kuhu Smart-ID rakendus teid viis.'],
    },
    otherBrowser: {
      heading: 'Olete tagasi teises brauseris',
      paragraphs: [
        'Sisselogimist alustati teises brauseris, privaatses aknas või mõne muu rakenduse sees avatud aknas, seega ei saa see siin jätkuda.',
        'Minge tagasi sinna, kus alustasite, ja valige seal QR-kood või isikukood. Võite ka teenusesse tagasi minna ja uuesti alustada.',
      ],
    },
    callbackUsed: {
      heading: 'Seda tagasipöördumislinki on juba kasutatud',
      paragraphs: [
        'Smart-ID rakendusest saab meie juurde tagasi tulla üks kord ja ainult lühikese aja jooksul.',
        'Kui te ei ole veel sisse logitud, minge tagasi teenusesse, mida soovite kasutada, ja logige sealt uuesti sisse.',
      ],
    },
    pushNotAllowed: {
      heading: 'Logige kõigepealt sisse Smart-ID rakendusega',
      paragraphs: [
        'Et kaitsta teid võõraste eest, kes teavad teie isikukoodi, saadame päringuid teie telefoni ainult brauseritest, mida olete varem kasutanud.',
        'Kasutage seekord QR-koodi või Smart-ID rakendust. Pärast seda saate ka selles brauseris kasutada isikukoodi.',
      ],
    },
    personNotAccepted: {
      heading: 'See teenus ei aktsepteeri teie riigi Smart-IDd',
      paragraphs: [
        'Teenus ootab siin üht kindlat inimest, kuid tema Smart-ID on riigist, mille Smart-IDd see teenus ei aktsepteeri.',
        'Minge tagasi teenusesse. Kui see kordub, edastage allolev teave teenusepakkujale.',
      ],
    },
    expired: {
      heading: 'See sisselogimine ei kehti enam',
      paragraphs: [
        'See kestis liiga kaua, tühistati või seda alustati teises brauseris.',
        'Minge tagasi teenusesse, mida soovite kasutada, ja logige sealt uuesti sisse.',
      ],
    },
    noCookies: {
      heading: 'Me ei tunne teie brauserit ära',
      paragraphs: [
        'Teie brauser ei saatnud küpsist, kuid vajame seda, et hoida teie sisselogimine teiste omadest lahus. Lubage sellel lehel küpsised.',
        'Sama juhtub siis, kui sisselogimine avati teises brauseris või on liiga vana. Sel juhul minge tagasi teenusesse, mida soovite kasutada, ja logige sealt uuesti sisse.',
      ],
    },
    finished: {
      heading: 'Olete juba sisse logitud',
      paragraphs: [
        'See sisselogimine on lõpule viidud. Jätkake teenuses. Sellel lehel ei ole enam midagi teha ja võite selle sulgeda.',
      ],
    },
    loggedOut: {
      heading: 'Olete välja logitud',
      paragraphs: ['Võite selle lehe nüüd sulgeda.'],
    },
    stillLoggedIn: {
      heading: 'Olete endiselt sisse logitud',
      paragraphs: ['Midagi ei muudetud. Võite selle lehe nüüd sulgeda.'],
    },
  },
  browser: {
    known: {
      heading: 'Mäletame seda brauserit',
      paragraphs: [
        'Olete siin Smart-ID rakendusega sisse loginud, seetõttu usaldame teie isikukoodi selles brauseris rohkem kui mujal.',
        'Kui seda brauserit kasutavad ka teised inimesed, laske meil see unustada.',
      ],
    },
    keepsLogin:
      'Mõni teenus hoiab teid siin mõnda aega sisselogituna. Kui me selle brauseri unustame, see sisselogimine lõpeb.',
    remembersCode: (lastFour) =>
      `Selles brauseris on meelde jäetud teie isikukood, mis lõpeb numbritega ${lastFour}.`,
    forget: 'Unusta see brauser',
    forgetting: 'Unustame…',
    unknown: {
      heading: 'Me ei mäleta seda brauserit',
      paragraphs: ['Siin ei ole kellegi sisselogimist meelde jäetud. Midagi ei ole unustada.'],
    },
    forgotten: {
      heading: 'See brauser on unustatud',
      paragraphs: [
        'Järgmist sisselogimist siin käsitletakse tundmatust brauserist tulevana. Võite selle lehe sulgeda.',
      ],
    },
    link: 'Unusta see brauser',
  },
  history: {
    heading: 'Sisselogimised teie nimel',
    start:
      'Pärast sisselogimist näete, millal keegi teie nimel sisse logis või seda proovis, millisesse teenusesse ja mis sellest sai. Keegi teine seda ei näe.',
    notLoggedIn: 'Te ei ole sisse logitud. Palun proovige uuesti.',
    loggedOut: 'Olete välja logitud.',
    lead: (lastFour) => `Inimesele, kelle isikukood lõpeb numbritega ${lastFour}. Kõik ajad on UTC järgi.`,
    kept: (days) =>
      `Kirjeid säilitatakse ${days === 1 ? 'üks päev' : `${days} päeva`}, vanemad on kustutatud. Kirje ilmub mõni sekund pärast sündmust ja võib tehnilise tõrke tõttu puududa.`,
    empty: 'Teie nimel ei ole ühtegi kirjet.',
    outcomes: {
      finished: 'Sisse logitud',
      cancelled: 'Lehel tühistatud',
      open: 'Lõpetamata',
      limited: 'Keelatud: liiga palju katseid',
      failed: 'Ei logitud sisse',
    },
    ways: {
      qr: 'QR-koodiga',
      web2app: 'Rakendusega samas seadmes',
      notification: 'Isikukoodiga',
      backchannel: 'Teenuse algatatud, ilma brauserita',
    },
    network: (number) => `Võrk ${number}`,
    thisNetwork: 'võrk, mida praegu kasutate',
    notStarted:
      'Kas teie ei algatanud seda? Siis on keegi teine kasutanud teie isikukoodi. Teda ei logitud sisse. Ärge kunagi kinnitage päringut, mida te ise ei algatanud.',
    confirmed:
      'Kas teie ei algatanud seda? Siis kinnitasite oma Smart-IDga kellegi teise sisselogimise. Teda ei logitud sisse. Ärge kunagi kinnitage päringut, mida te ise ei algatanud.',
    notYou: {
      heading: 'Kas see ei olnud teie?',
      paragraphs: [
        'Kui sisse logis keegi teine, teatage sellest kohe teenusepakkujale ja öelge kirje number. Pöörduge ka Smart-ID klienditoe poole.',
        'Kui teie telefoni ilmub päring, mida te ei algatanud, tühistage see Smart-ID rakenduses. Kes teie isikukoodi teab, saab päringuid algatada, kuid ilma teie PIN-koodita ei pääse keegi sisse.',
      ],
    },
    endAllLead:
      'See nupp lõpetab kõik sisselogimised, mida teenused teie jaoks avatuna hoiavad, ja me unustame kõik brauserid, mis teid tunnevad.',
    endAll: 'Lõpeta kõik sisselogimised ja unusta kõik brauserid',
    browsers: {
      heading: 'Brauserid, mis teid tunnevad',
      paragraphs: [
        'Olete nendes brauserites Smart-ID rakendusega sisse loginud, seetõttu usaldame seal teie isikukoodi rohkem. Kui mõni neist ei ole teie oma, laske meil see unustada.',
      ],
    },
    noBrowser: 'Ükski brauser ei tunne teid.',
    tooOften:
      'Olete seda lühikese aja jooksul liiga sageli teinud. Proovige uuesti, kui allpool näidatud aeg on möödas.',
    forgotten: {
      one: 'Brauser on unustatud.',
      all: 'Kõik brauserid on unustatud ja kõik sisselogimised, mida teenused teie jaoks avatuna hoidsid, on lõpetatud.',
    },
    thisBrowser: 'See brauser',
    since: (time) => `Alates: ${time}`,
    used: (time) => `Viimane sisselogimine: ${time}`,
    forgetBrowser: 'Unusta selle kirje brauser',
    older: 'Vanemad kirjed',
    newer: 'Uuemad kirjed',
    download: 'Laadi alla failina (JSON)',
    print: 'Leht printimiseks',
    logOut: 'Logi välja',
  },
  errors: {
    400: {
      heading: 'Me ei saanud sellest aru',
      paragraphs: [
        'Teie brauser saatis midagi, mida see leht ei oota. Minge tagasi teenusesse, mida soovite kasutada, ja logige sealt uuesti sisse.',
      ],
    },
    403: {
      heading: 'See ei tulnud meie lehelt',
      paragraphs: [
        'Teine veebileht üritas teie nimel vormi saata, seetõttu lükkasime selle tagasi. Minge tagasi teenusesse, mida soovite kasutada, ja logige sealt uuesti sisse.',
      ],
    },
    404: {
      heading: 'Siin ei ole midagi',
      paragraphs: [
        'Aadressis võib olla trükiviga või on see vananenud. Sisselogimiseks minge teenusesse, mida soovite kasutada, ja alustage sealt.',
      ],
    },
    405: {
      heading: 'See leht ei tööta nii',
      paragraphs: ['Minge tagasi teenusesse, mida soovite kasutada, ja logige sealt uuesti sisse.'],
    },
    413: {
      heading: 'Andmeid oli liiga palju',
      paragraphs: ['Vorm oli suurem, kui me vastu võtame. Minge tagasi ja sisestage ainult oma isikukood.'],
    },
    415: {
      heading: 'Me ei saanud sellest aru',
      paragraphs: [
        'Vorm saadeti viisil, mida me vastu ei võta. Minge tagasi teenusesse, mida soovite kasutada, ja logige sealt uuesti sisse.',
      ],
    },
    429: {
      heading: 'Palun oodake veidi',
      paragraphs: [
        'Teie võrgust tuli rohkem päringuid, kui suudame teenindada. Oodake veidi ja proovige uuesti.',
      ],
    },
    500: {
      heading: 'Meie teenuses tekkis tõrge',
      paragraphs: [
        'See ei olnud teie süü. Palun proovige hetke pärast uuesti.',
        'Kui see kordub, andke sellest teada teenusepakkujale, kelle teenusesse soovisite sisse logida, ja lisage allolev number.',
      ],
    },
    503: {
      heading: 'Oleme hetke pärast tagasi',
      paragraphs: ['Sisselogimisteenus taaskäivitub. Oodake mõni sekund ja proovige uuesti.'],
    },
  },
  openIdError: {
    heading: 'See sisselogimine ei saa jätkuda',
    paragraphs: [
      'Teenus, mis teid siia suunas, esitas päringu, millele me ei saa vastata, või on sisselogimine liiga vana.',
      'Minge tagasi teenusesse ja logige sealt uuesti sisse. Kui see kordub, edastage allolev teave teenusepakkujale.',
    ],
  },
  logout: {
    heading: 'Kas soovite välja logida?',
    paragraphs: ['Teenus, mida kasutasite, soovib teid ka siit välja logida.'],
    confirm: 'Logi välja',
    stay: 'Jää sisselogituks',
    ongoing: 'Logime teid välja',
  },
  unregisteredAddress: {
    lead: (client) =>
      `Me ei saa teid teenusesse ${client} tagasi suunata, sest teenus andis aadressi, mis ei ole meie juures registreeritud.`,
    advice: (client) =>
      `Palun edastage allolev teave teenuse ${client} pakkujale. Võite selle lehe nüüd sulgeda.`,
  },
  logoutErrors: {
    refused: {
      heading: 'See väljalogimine ei saa jätkuda',
      paragraphs: [
        'Teenus, mis teid siia suunas, esitas väljalogimise päringu, mida me ei saa vastu võtta, või on päring liiga vana.',
        'Minge tagasi teenusesse ja logige seal välja. Kui see kordub, edastage allolev teave teenusepakkujale.',
      ],
    },
    failed: {
      heading: 'Väljalogimisel tekkis tõrge',
      paragraphs: [
        'See ei olnud teie süü. Palun proovige hetke pärast uuesti.',
        'Kui see kordub, andke sellest teada teenusepakkujale, kelle teenust kasutasite, ja lisage allolev number.',
      ],
    },
  },
};
