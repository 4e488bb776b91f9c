import type { Messages, OutcomeText } from './messages.ts';

const tryAgain = 'Bandyti dar kartą';
const tryAnotherAccount = 'Bandyti dar kartą kita paskyra';
const getHelp = 'Gauti „Smart-ID“ pagalbą';
const startFromService = 'Grįžkite prie paslaugos, kuria norite naudotis, ir ten prisijunkite iš naujo.';
const tellService =
  'Jei tai kartojasi, praneškite paslaugos, prie kurios jungėtės, teikėjui ir nurodykite toliau pateiktą numerį.';
const notYours = 'Jei prisijungimą pradėjote ne Jūs, pasielgėte teisingai.';
const startedInOtherBrowser =
  'Prisijungimas pradėtas kitoje naršyklėje, privačiame lange arba kitos programėlės lange, todėl čia jo tęsti negalima.';

/** Our side or the operator's agreement with SK is at fault: the person can only tell the operator. */
const technicalProblem: OutcomeText = {
  heading: 'Įvyko techninis sutrikimas',
  paragraphs: [
    'Prisijungti nepavyko, ir tai ne Jūsų kaltė. Pabandykite dar kartą po kelių minučių.',
    tellService,
  ],
  retry: tryAgain,
};

const refused: OutcomeText = {
  heading: 'Programėlėje atšaukėte užklausą',
  paragraphs: ['Prisijungimas neįvyko. Jei užklausos atšaukti nenorėjote, bandykite dar kartą.', notYours],
  retry: tryAgain,
};

const refusedCodeChoice: OutcomeText = {
  heading: 'Atšaukėte kodo pasirinkimą',
  paragraphs: [
    'Programėlė paklausė, kuris kontrolinis kodas rodomas šiame puslapyje, ir Jūs užklausą atšaukėte. Prisijungimas neįvyko.',
    'Jei nė vienas iš programėlėje rodomų kodų nesutapo su šiame puslapyje rodomu kodu, pasielgėte teisingai: galbūt kažkas kitas pradėjo prisijungimą Jūsų vardu.',
  ],
  retry: tryAgain,
};

const failedAtSmartId: OutcomeText = {
  heading: '„Smart-ID“ nepavyko užbaigti prisijungimo',
  paragraphs: ['„Smart-ID“ sistemoje įvyko klaida. Prisijungimas neįvyko. Bandykite dar kartą.'],
  retry: tryAgain,
};

const verificationFailed: OutcomeText = {
  heading: 'Nepavyko patikrinti atsakymo',
  paragraphs: [
    'Gavome „Smart-ID“ atsakymą, tačiau juo negalime pasitikėti. Jūsų saugumo sumetimais prisijungimas neįvyko.',
    `Bandykite dar kartą. ${tellService}`,
  ],
  retry: tryAgain,
};

export const lt: Messages = {
  language: 'lt',
  smartIdHelpUrl: 'https://www.smart-id.com/lt/pagalba/duk/',
  appText: (client) => `Prisijungimas: ${client}`,
  appTextUnknownBrowser: (client) => `Tai ne Jūs? Atšaukite. Prisijungimas: ${client}`,
  ownTextUnknownBrowser: (text) => `Tai ne Jūs? Atšaukite. ${text}`,
  unknownBrowser: (browser) => `(nauja naršyklė: ${browser})`,
  layout: {
    secureSignIn: 'Saugus prisijungimas',
    simulator: 'Imituojamas „Smart-ID“: netikras',
    simulatorPhone: 'Atidaryti virtualų telefoną',
    demo: '„Smart-ID“ demonstracinė aplinka',
    pinNotice: 'PIN kodą įveskite tik „Smart-ID“ programėlėje, niekada neveskite jo interneto puslapyje.',
    help: '„Smart-ID“ pagalba',
    opensNewTab: '(atidaroma naujame skirtuke)',
    languages: 'Kalbos',
  },
  action: {
    backTo: (client) => `Grįžti prie paslaugos „${client}“`,
    startAgain: 'Pradėti iš naujo',
    tryAgain,
    continueTo: (client) => `Eiti prie paslaugos „${client}“`,
    reference: 'Numeris pagalbos tarnybai:',
    startAgainAt: (client) => `Pradėti iš naujo paslaugoje „${client}“`,
  },
  methods: {
    title: (client) => `Prisijungti prie paslaugos „${client}“ naudojant „Smart-ID“`,
    heading: 'Prisijungti naudojant „Smart-ID“',
    computerLead: 'Nuskaitykite QR kodą „Smart-ID“ programėle savo telefone.',
    phoneLead: 'Programėlė atsidarys šiame telefone ir paskui grąžins Jus į šį puslapį.',
    tabletLead:
      'Nuskaitykite QR kodą telefonu arba naudokite „Smart-ID“ programėlę šiame planšetiniame kompiuteryje.',
    steps: [
      'Atidarykite „Smart-ID“ programėlę savo telefone',
      'Palieskite „Nuskaityti QR kodą“',
      'Patikrinkite paslaugos pavadinimą ir įveskite PIN1',
    ],
    showQr: 'Rodyti QR kodą',
    showQrForOtherDevice: 'Rodyti QR kodą kitam įrenginiui',
    openApp: 'Atidaryti „Smart-ID“ programėlę',
    openAppOnThisDevice: 'Atidaryti „Smart-ID“ programėlę šiame įrenginyje',
    personalCode: 'Naudoti asmens kodą',
    personalCodeInstead: 'Prisijungti asmens kodu',
    qrInstead: 'Prisijungti QR kodu',
    otherMethods: 'Prisijungti kitu būdu',
    or: 'arba',
    starting: 'Palaukite…',
  },
  qr: {
    title: (client) => `Nuskaitykite QR kodą: ${client}`,
    heading: 'Nuskaitykite kodą ir prisijunkite',
    lead: 'Nuskaitykite jį „Smart-ID“ programėle, o ne fotoaparato programėle.',
    picture: 'QR kodas „Smart-ID“ programėlei',
    preparing: 'QR kodas čia pasirodys netrukus',
    secondsLeft: {
      one: 'Kodas galios dar {seconds} sekundę',
      few: 'Kodas galios dar {seconds} sekundes',
      many: 'Kodas galios dar {seconds} sekundės',
      other: 'Kodas galios dar {seconds} sekundžių',
    },
    expiring: 'Kodas netrukus nebegalios',
    expired: 'Kodas nebegalioja. Jei jau jį nuskaitėte, tęskite programėlėje.',
    newCode: 'Rodyti naują kodą',
    interrupted: 'Ryšys nutrūko. Kodas vėl bus rodomas, kai ryšys bus atkurtas.',
    scanOnVirtualPhone: 'Nuskaityti kodą virtualiu telefonu',
    holding: 'Laikykite telefoną priešais ekraną, maždaug delno atstumu, kol programėlė atpažins kodą.',
  },
  web2app: {
    title: (client) => `Tęskite „Smart-ID“ programėlėje: ${client}`,
    heading: 'Tęskite „Smart-ID“ programėlėje',
    lead: 'Programėlėje patikrinkite paslaugos pavadinimą ir įveskite PIN1. Paskui programėlė grąžins Jus į šį puslapį.',
    preparing: 'Programėlės atidarymo mygtukas čia pasirodys netrukus',
    secondsLeft: {
      one: 'Atidarykite programėlę per {seconds} sekundę',
      few: 'Atidarykite programėlę per {seconds} sekundes',
      many: 'Atidarykite programėlę per {seconds} sekundės',
      other: 'Atidarykite programėlę per {seconds} sekundžių',
    },
    expiring: 'Laikas programėlei atidaryti netrukus baigsis',
    expired: 'Laikas programėlei atidaryti baigėsi. Jei jau ją atidarėte, tęskite programėlėje.',
    newLink: 'Pradėti iš naujo',
    confirmedHeading: 'Tęskite naujame skirtuke',
    confirmedLead:
      'Patvirtinote prisijungimą programėlėje, ir ji grąžina Jus į naršyklę. Prisijungimas tęsiamas skirtuke, kurį atidaro programėlė.',
  },
  login: {
    title: (client) => `Prisijungti asmens kodu prie paslaugos „${client}“`,
    heading: 'Prisijungti asmens kodu',
    lead: 'Išsiųsime užklausą į Jūsų „Smart-ID“ programėlę.',
    remember: 'Įsiminti mano asmens kodą šioje naršyklėje',
    sendTo: (lastFour) => `Siųsti užklausą į telefoną, asmens kodas …${lastFour}`,
    otherCode: 'Naudoti kitą asmens kodą',
    expected: (country, lastFour) =>
      `Čia gali prisijungti tik asmuo, kurio asmens kodas (${country}) baigiasi skaitmenimis ${lastFour}.`,
    expectedDocument: (country, end) =>
      `Čia gali prisijungti tik asmuo, kurio paso arba asmens tapatybės kortelės numeris (${country}) baigiasi simboliais ${end}.`,
    country: 'Šalis',
    personalCode: 'Asmens kodas',
    submit: 'Tęsti',
    submitting: 'Siunčiama…',
    countries: { EE: 'Estija', LV: 'Latvija', LT: 'Lietuva', BE: 'Belgija' },
    hints: {
      EE: (example) => `Estija: 11 skaitmenų, pavyzdžiui, ${example}`,
      LV: (example) => `Latvija: 11 skaitmenų, pavyzdžiui, ${example}`,
      LT: (example) => `Lietuva: 11 skaitmenų, pavyzdžiui, ${example}`,
      BE: (example) => `Belgija: nacionalinio registro numeris, 11 skaitmenų, pavyzdžiui, ${example}`,
    },
    errorTitle: (title) => `Klaida: ${title}`,
    errorHeading: 'Prašome patikrinti',
    errors: {
      country: 'Pasirinkite šalį, suteikusią Jūsų asmens kodą',
      empty: 'Įveskite savo asmens kodą',
      format: 'Tai nėra pasirinktos šalies asmens kodas',
      checkDigit: 'Asmens kode yra įvedimo klaida. Patikrinkite skaitmenis',
      otherCountry: (country) =>
        `Tai panašu į kitos šalies asmens kodą: ${country}. Patikrinkite šalį ir tęskite`,
    },
    entered: (country, firstFour) => `Įvedėte: ${country}, ${firstFour}…`,
    tryCountry: (country) => `Bandyti su kita šalimi: ${country}`,
  },
  wait: {
    title: (client) => `Patvirtinkite telefone: ${client}`,
    heading: 'Palyginkite šį kodą',
    rememberHeading: 'Įsiminkite šį kodą',
    confirmHeading: 'Dabar patvirtinkite „Smart-ID“ programėlėje',
    sendingHeading: 'Siunčiame užklausą į Jūsų telefoną',
    sendingLead: 'Turėkite telefoną po ranka. Netrukus čia pasirodys kodas, kurį reikės palyginti.',
    lead: 'Jei programėlėje rodomi keli kodai, pasirinkite šį. Įveskite PIN1 tik tuo atveju, jei programėlėje rodomas būtent šis kodas.',
    codeFirstLead:
      'Netrukus jo prireiks „Smart-ID“ programėlėje. Įveskite PIN1 tik tuo atveju, jei programėlėje rodomas būtent šis kodas.',
    confirmLead:
      'Jei užklausa nepasirodo, atidarykite programėlę. Įveskite PIN1 tik tuo atveju, jei joje rodomas būtent šis kodas.',
    code: 'Kontrolinis kodas:',
    secondsLeft: {
      one: 'Jūsų patvirtinimo lauksime dar {seconds} sekundę',
      few: 'Jūsų patvirtinimo lauksime dar {seconds} sekundes',
      many: 'Jūsų patvirtinimo lauksime dar {seconds} sekundės',
      other: 'Jūsų patvirtinimo lauksime dar {seconds} sekundžių',
    },
    pushPending: 'Užklausa į Jūsų telefoną bus išsiųsta netrukus',
    overdue: 'Laikas baigėsi, tikriname „Smart-ID“ atsakymą',
    cancel: 'Atšaukti',
    cancelling: 'Atšaukiama…',
    interrupted: 'Nėra ryšio, bandome toliau',
  },
  continuing: {
    loggedIn: 'Jūs prisijungėte',
    heading: (client) => `Pereinama prie paslaugos „${client}“`,
    lead: 'Tai užtruks tik akimirką. Jei nieko neįvyksta, paspauskite mygtuką.',
    link: 'Tęsti',
  },
  moment: {
    heading: 'Prašome palaukti',
    login:
      'Šiuo metu negalime tęsti, ir tai ne Jūsų kaltė. Jūsų prisijungimas neprarastas: šis puslapis atsinaujins pats.',
    page: 'Šiuo metu negalime tęsti, ir tai ne Jūsų kaltė. Šis puslapis atsinaujins pats.',
    form: 'Šiuo metu to padaryti negalime, ir tai ne Jūsų kaltė. Grįžkite ir po minutės bandykite dar kartą.',
  },
  outcomes: {
    request_malformed: technicalProblem,
    relying_party_not_allowed: technicalProblem,
    client_too_old: technicalProblem,
    account_not_found: {
      heading: '„Smart-ID“ paskyra nerasta',
      paragraphs: [
        'Su šiuo asmens kodu susietos „Smart-ID“ paskyros nėra. Patikrinkite šalį bei kodą ir bandykite dar kartą.',
        'Jei dar neturite „Smart-ID“, kaip jį susikurti, sužinosite „Smart-ID“ svetainėje.',
      ],
      help: { label: 'Kaip susikurti „Smart-ID“ paskyrą', first: false },
      retry: 'Patikrinti kodą ir bandyti dar kartą',
    },
    account_not_suitable: {
      heading: 'Reikia atnaujinti Jūsų „Smart-ID“ paskyros lygį',
      paragraphs: [
        'Jūs naudojate „Smart-ID Basic“ paskyrą. Šios paskyros prieiga ribota: ją galite naudoti internetinėje bankininkystėje, tačiau negalėsite prisijungti prie kitų e. paslaugų, pasirašyti dokumentų ir pan. Prašome atnaujinti savo „Smart-ID“ paskyros lygį. Turėtumėte susikurti naują paskyrą elektroniniu būdu, naudodami asmens tapatybės kortelę arba mobilųjį parašą (Lietuvoje), arba apsilankę banko skyriuje.',
      ],
      help: { label: 'Kaip atnaujinti paskyros lygį', first: true },
      retry: tryAnotherAccount,
    },
    attention_required: {
      heading: '„Smart-ID“ reikia Jūsų dėmesio',
      paragraphs: [
        'Atidarykite „Smart-ID“ programėlę arba „Smart-ID“ savitarnos portalą: ten Jūsų laukia veiksmas, kurį reikia atlikti. Jį atlikę bandykite dar kartą.',
      ],
      help: { label: getHelp, first: false },
      retry: tryAgain,
    },
    maintenance: {
      heading: 'Vyksta „Smart-ID“ techninė priežiūra',
      paragraphs: [
        'Vyksta „Smart-ID“ priežiūros darbai, todėl šiuo metu juo naudotis negalima. Bandykite dar kartą vėliau.',
      ],
      help: { label: '„Smart-ID“ naujienos', first: false },
      retry: tryAgain,
    },
    service_failed: {
      heading: '„Smart-ID“ neatsako',
      paragraphs: [
        'Šiuo metu negalime susisiekti su „Smart-ID“. Prisijungimas neįvyko. Bandykite dar kartą po kelių minučių.',
      ],
      retry: tryAgain,
    },
    revocation_unavailable: {
      heading: 'Nepavyko patikrinti, ar Jūsų „Smart-ID“ galioja',
      paragraphs: [
        'Paslauga, kuri patvirtina „Smart-ID“ galiojimą, šiuo metu neatsako. Jūsų saugumo sumetimais prisijungimas neįvyko. Bandykite dar kartą po kelių minučių.',
      ],
      retry: tryAgain,
    },
    session_not_found: {
      heading: 'Ši užklausa nebegalioja',
      paragraphs: [
        '„Smart-ID“ šios užklausos nebeatpažįsta, galbūt todėl, kad praėjo per daug laiko. Bandykite dar kartą.',
      ],
      retry: tryAgain,
    },
    country_not_allowed: {
      heading: 'Ši paslauga nepriima Jūsų šalies „Smart-ID“',
      paragraphs: [
        'Patvirtinote prisijungimą šalies, kurios ši paslauga nepriima, „Smart-ID“ paskyra. Prisijungimas neįvyko.',
        'Jei turite kitos šalies „Smart-ID“ paskyrą, bandykite dar kartą naudodami ją.',
      ],
      retry: tryAnotherAccount,
    },
    person_mismatch: {
      heading: 'Laukta kito asmens',
      paragraphs: [
        'Prisijungimas buvo pradėtas vienam asmeniui, o patvirtintas kito asmens „Smart-ID“. Prisijungimas neįvyko.',
        'Bandykite dar kartą naudodami to asmens, kurio laukia paslauga, „Smart-ID“.',
      ],
      retry: tryAgain,
    },
    callback_refused: {
      heading: 'Nepavyko patvirtinti, kad grįžote iš programėlės',
      paragraphs: [
        '„Smart-ID“ programėlė atidarė naršyklės langą, kuriame šis prisijungimas nebuvo pradėtas, pavyzdžiui, kitą naršyklę, privatų langą arba langą kitoje programėlėje. Jūsų saugumo sumetimais prisijungimas neįvyko.',
        'Bandykite čia dar kartą naudodami QR kodą arba asmens kodą.',
      ],
      retry: tryAgain,
    },
    too_many_logins: {
      heading: 'Prašome šiek tiek palaukti',
      paragraphs: [
        'Per trumpą laiką pradėta labai daug prisijungimų, todėl prieš kitą teks palaukti. Prisijungimas neįvyko.',
        'Bandykite dar kartą, kai praeis toliau nurodytas laikas.',
      ],
      retry: tryAgain,
    },
    too_many_waiting: {
      heading: 'Šiuo metu jungiasi labai daug žmonių',
      paragraphs: [
        'Prisijungti laukia tiek daug žmonių, kad kitam teks šiek tiek palaukti. Prisijungimas neįvyko.',
        'Bandykite dar kartą, kai praeis toliau nurodytas laikas.',
      ],
      retry: tryAgain,
    },
    too_many_logins_of_person: {
      heading: 'Palaukite prieš bandydami dar kartą',
      paragraphs: [
        'Šiuo asmens kodu per trumpą laiką pradėta daug prisijungimų, todėl prieš kitą teks palaukti. Prisijungimas neįvyko.',
        'Niekada nepatvirtinkite „Smart-ID“ programėlėje užklausos, kurią inicijavote ne Jūs.',
      ],
      retry: tryAgain,
    },
    push_too_soon: {
      heading: 'Prieš kitą užklausą teks palaukti',
      paragraphs: [
        'Kad niekas nebūtų užverstas užklausomis, į telefoną vienu metu siunčiame tik vieną. Jei užklausos nepatvirtinamos, kaskart tenka laukti ilgiau.',
        'Jei „Smart-ID“ programėlė rodo užklausą, kurią inicijavote ne Jūs, atšaukite ją programėlėje.',
      ],
      retry: tryAgain,
    },
    user_refused: refused,
    user_refused_interaction: refused,
    user_refused_certificate_choice: {
      heading: 'Paskyra nepasirinkta',
      paragraphs: [
        '„Smart-ID“ turite keliuose įrenginiuose, ir viename iš jų užklausa buvo atšaukta.',
        'Bandykite dar kartą ir patvirtinkite tame įrenginyje, kurį norite naudoti.',
      ],
      retry: tryAgain,
    },
    timeout: {
      heading: 'Laikas baigėsi',
      paragraphs: [
        'Iš Jūsų telefono laiku negavome atsakymo, todėl prisijungimas neįvyko.',
        'Patikrinkite, ar telefonas įjungtas ir prijungtas prie interneto, ir bandykite dar kartą. Jei užklausa nepasirodo, atidarykite „Smart-ID“ programėlę rankiniu būdu.',
      ],
      retry: tryAgain,
    },
    wrong_verification_code: {
      heading: 'Kodai nesutapo',
      paragraphs: [
        'Programėlėje buvo pasirinktas neteisingas kontrolinis kodas, todėl prisijungimas neįvyko.',
        'Būkite atidūs: jei programėlėje rodomas kodas nesutapo su šiame puslapyje rodomu kodu, galbūt kažkas kitas pradėjo prisijungimą Jūsų vardu. Niekada nepatvirtinkite užklausos, kurią inicijavote ne Jūs.',
      ],
      retry: tryAgain,
    },
    document_unusable: {
      heading: 'Šiuo metu Jūsų „Smart-ID“ naudoti negalima',
      paragraphs: [
        'Norėdami sužinoti priežastį, atidarykite „Smart-ID“ programėlę arba kreipkitės į „Smart-ID“ pagalbos tarnybą. Prisijungimas neįvyko.',
      ],
      help: { label: getHelp, first: true },
      retry: tryAgain,
    },
    account_unusable: {
      heading: 'Jūsų „Smart-ID“ paskyros naudoti negalima',
      paragraphs: [
        'Norėdami sužinoti priežastį, atidarykite „Smart-ID“ programėlę arba kreipkitės į „Smart-ID“ pagalbos tarnybą. Prisijungimas neįvyko.',
      ],
      help: { label: getHelp, first: true },
      retry: tryAnotherAccount,
    },
    interaction_not_supported: {
      heading: 'Jūsų „Smart-ID“ programėlė per sena',
      paragraphs: [
        'Programėlių parduotuvėje atnaujinkite „Smart-ID“ programėlę savo telefone ir bandykite dar kartą.',
      ],
      help: { label: 'Kaip atnaujinti programėlę', first: false },
      retry: tryAgain,
    },
    protocol_failure: failedAtSmartId,
    server_error: failedAtSmartId,
    expected_linked_session: failedAtSmartId,
    unknown_end_result: {
      heading: 'Prisijungti nepavyko',
      paragraphs: [
        '„Smart-ID“ nutraukė prisijungimą dėl mums nežinomos priežasties. Prisijungimas neįvyko. Bandykite dar kartą.',
      ],
      retry: tryAgain,
    },
    response_malformed: verificationFailed,
    response_refused: verificationFailed,
  },
  basicAccount: {
    faq: 'Daugiau informacijos – „Smart-ID“ dažnai užduodamuose klausimuose',
    ways: 'Kaip užregistruoti visateisės prieigos paskyrą:',
    idCard: 'Asmens tapatybės kortelė: reikia kortelės, jos PIN kodų ir kortelių skaitytuvo',
    mobileId: 'Mobilusis parašas: reikia telefono su mobiliojo parašo SIM kortele',
    bankOffice: 'Banko skyrius: pasiimkite asmens tapatybės dokumentą',
  },
  expectedPersonNotFound:
    'Paslauga čia laukia vieno konkretaus asmens, tačiau jis neturi „Smart-ID“ paskyros.',
  refusedInteractions: {
    displayTextAndPIN: {
      heading: 'Atšaukėte PIN kodo įvedimą',
      paragraphs: [
        'Programėlė paprašė įvesti PIN1, ir Jūs užklausą atšaukėte. Prisijungimas neįvyko.',
        `${notYours} Jei pamiršote PIN1, nurodymus rasite „Smart-ID“ pagalbos puslapyje.`,
      ],
      help: { label: 'Pamiršau PIN kodą', first: false },
      retry: tryAgain,
    },
    confirmationMessage: {
      heading: 'Nepatvirtinote pranešimo',
      paragraphs: [
        'Programėlė parodė, prie ko ketinate prisijungti, ir Jūs užklausą atšaukėte. Prisijungimas neįvyko.',
        notYours,
      ],
      retry: tryAgain,
    },
    confirmationMessageAndVerificationCodeChoice: refusedCodeChoice,
    verificationCodeChoice: refusedCodeChoice,
  },
  retryIn: 'Bandyti dar kartą galėsite {when}',
  retryNow: 'Dabar galite bandyti dar kartą.',
  notices: {
    continuesInOtherTab: {
      heading: 'Šį skirtuką galite uždaryti',
      paragraphs: ['Prisijungimas tęsiamas kitame skirtuke, kurį atidarė „Smart-ID“ programėlė.'],
    },
    otherBrowser: {
      heading: 'Grįžote į kitą naršyklę',
      paragraphs: [
        startedInOtherBrowser,
        'Grįžkite ten, kur pradėjote, ir pasirinkite QR kodą arba asmens kodą. Taip pat galite grįžti prie paslaugos ir pradėti iš naujo.',
      ],
    },
    callbackUsed: {
      heading: 'Ši grįžimo nuoroda jau panaudota',
      paragraphs: [
        'Nuoroda, kuria „Smart-ID“ programėlė grąžina Jus į šį puslapį, veikia vieną kartą ir tik trumpą laiką.',
        'Jei dar neprisijungėte, grįžkite prie paslaugos, kuria norite naudotis, ir ten prisijunkite iš naujo.',
      ],
    },
    pushNotAllowed: {
      heading: 'Pirmiausia prisijunkite „Smart-ID“ programėle',
      paragraphs: [
        'Kad apsaugotume Jus nuo nepažįstamų asmenų, žinančių Jūsų asmens kodą, užklausas į Jūsų telefoną siunčiame tik iš naršyklių, kuriomis jau naudojotės.',
        'Šį kartą naudokite QR kodą arba „Smart-ID“ programėlę. Po to šioje naršyklėje galėsite naudoti ir asmens kodą.',
      ],
    },
    personNotAccepted: {
      heading: 'Ši paslauga nepriima Jūsų šalies „Smart-ID“',
      paragraphs: [
        'Paslauga čia laukia vieno konkretaus asmens, tačiau jo „Smart-ID“ yra iš šalies, kurios ši paslauga nepriima.',
        'Grįžkite prie paslaugos. Jei tai kartojasi, praneškite paslaugos teikėjui, kas parašyta toliau.',
      ],
    },
    expired: {
      heading: 'Šis prisijungimas baigėsi',
      paragraphs: [
        'Jis užtruko per ilgai, buvo atšauktas arba buvo pradėtas kitoje naršyklėje.',
        startFromService,
      ],
    },
    noCookies: {
      heading: 'Nepavyksta atpažinti Jūsų naršyklės',
      paragraphs: [
        'Jūsų naršyklė neatsiuntė slapuko, o jo reikia, kad Jūsų prisijungimas būtų atskirtas nuo kitų asmenų prisijungimų. Leiskite šioje svetainėje naudoti slapukus.',
        'Taip nutinka ir tada, kai prisijungimas atidarytas kitoje naršyklėje arba pradėtas per seniai. Tokiu atveju grįžkite prie paslaugos, kuria norite naudotis, ir ten prisijunkite iš naujo.',
      ],
    },
    finished: {
      heading: 'Jūs jau prisijungėte',
      paragraphs: [
        'Prisijungimas baigtas. Toliau naudokitės paslauga; šiame puslapyje daugiau nieko daryti nereikia, jį galite uždaryti.',
      ],
    },
    loggedOut: {
      heading: 'Jūs atsijungėte',
      paragraphs: ['Dabar šį puslapį galite uždaryti.'],
    },
    stillLoggedIn: {
      heading: 'Jūsų prisijungimas tebegalioja',
      paragraphs: ['Niekas nepakeista. Dabar šį puslapį galite uždaryti.'],
    },
  },
  browser: {
    known: {
      heading: 'Šią naršyklę prisimename',
      paragraphs: [
        'Čia prisijungėte „Smart-ID“ programėle, todėl šioje naršyklėje Jūsų asmens kodu pasitikime labiau nei kitur.',
        'Jei šia naršykle naudojasi ir kiti asmenys, leiskite mums ją pamiršti.',
      ],
    },
    keepsLogin:
      'Viena iš paslaugų čia kurį laiką išlaiko Jūsų prisijungimą. Jei šią naršyklę pamiršime, tas prisijungimas baigsis.',
    remembersCode: (lastFour) =>
      `Šioje naršyklėje įsimintas Jūsų asmens kodas, kuris baigiasi skaitmenimis ${lastFour}.`,
    forget: 'Pamiršti šią naršyklę',
    forgetting: 'Pamirštama…',
    unknown: {
      heading: 'Šios naršyklės neprisimename',
      paragraphs: ['Čia neįsimintas nė vienas prisijungimas. Nėra ko pamiršti.'],
    },
    forgotten: {
      heading: 'Ši naršyklė pamiršta',
      paragraphs: [
        'Kitas prisijungimas čia bus laikomas prisijungimu iš nežinomos naršyklės. Šį puslapį galite uždaryti.',
      ],
    },
    link: 'Pamiršti šią naršyklę',
  },
  history: {
    heading: 'Prisijungimai Jūsų vardu',
    start:
      'Prisijungę matysite, kada kas nors prisijungė ar bandė prisijungti Jūsų vardu, prie kokios paslaugos ir kuo tai baigėsi. Niekas kitas to nemato.',
    notLoggedIn: 'Prisijungimas neįvyko. Bandykite dar kartą.',
    loggedOut: 'Jūs atsijungėte.',
    lead: (lastFour) =>
      `Asmeniui, kurio asmens kodas baigiasi skaitmenimis ${lastFour}. Visas laikas nurodytas UTC.`,
    kept: (days) =>
      `Įrašai saugomi tiek dienų: ${days}; senesni ištrinti. Įrašas atsiranda praėjus kelioms sekundėms po įvykio ir dėl techninių nesklandumų jo gali nebūti.`,
    empty: 'Jūsų vardu įrašų nėra.',
    outcomes: {
      finished: 'Prisijungta',
      cancelled: 'Atšaukta puslapyje',
      open: 'Nebaigta',
      limited: 'Atmesta: per daug bandymų',
      failed: 'Neprisijungta',
    },
    ways: {
      qr: 'QR kodu',
      web2app: 'Programėle tame pačiame įrenginyje',
      notification: 'Asmens kodu',
      backchannel: 'Inicijavo paslauga, be naršyklės',
    },
    network: (number) => `Tinklas ${number}`,
    thisNetwork: 'tinklas, kurį naudojate dabar',
    notStarted:
      'Ar ne Jūs tai inicijavote? Tuomet kažkas kitas panaudojo Jūsų asmens kodą. Jam prisijungti nepavyko. Niekada nepatvirtinkite užklausos, kurią inicijavote ne Jūs.',
    confirmed:
      'Ar ne Jūs tai inicijavote? Tuomet savo „Smart-ID“ patvirtinote kažkieno kito prisijungimą. Tam asmeniui prisijungti nepavyko. Niekada nepatvirtinkite užklausos, kurią inicijavote ne Jūs.',
    notYou: {
      heading: 'Ar tai buvote ne Jūs?',
      paragraphs: [
        'Jei prisijungė kažkas kitas, nedelsdami praneškite paslaugos teikėjui ir nurodykite įrašo numerį. Taip pat kreipkitės į „Smart-ID“ pagalbos tarnybą.',
        'Jei telefone atsiranda užklausa, kurios neinicijavote, atšaukite ją „Smart-ID“ programėlėje. Kas žino Jūsų asmens kodą, gali inicijuoti užklausas, tačiau be Jūsų PIN kodo niekas neprisijungs.',
      ],
    },
    endAllLead:
      'Šiuo mygtuku baigiami visi prisijungimai, kuriuos paslaugos Jums yra išlaikiusios, ir pamirštamos visos Jus atpažįstančios naršyklės.',
    endAll: 'Baigti visus prisijungimus ir pamiršti visas naršykles',
    browsers: {
      heading: 'Jus atpažįstančios naršyklės',
      paragraphs: [
        'Šiose naršyklėse prisijungėte naudodami „Smart-ID“ programėlę, todėl jose Jūsų asmens kodu pasitikime labiau. Jei kuri nors iš jų ne Jūsų, leiskite mums ją pamiršti.',
      ],
    },
    noBrowser: 'Jokia naršyklė Jūsų neatpažįsta.',
    tooOften:
      'Per trumpą laiką tai darėte per dažnai. Bandykite dar kartą, kai praeis toliau nurodytas laikas.',
    forgotten: {
      one: 'Naršyklė pamiršta.',
      all: 'Visos naršyklės pamirštos, o visi prisijungimai, kuriuos paslaugos Jums buvo išlaikiusios, baigti.',
    },
    thisBrowser: 'Ši naršyklė',
    since: (time) => `Nuo: ${time}`,
    used: (time) => `Paskutinis prisijungimas: ${time}`,
    forgetBrowser: 'Pamiršti šio įrašo naršyklę',
    older: 'Senesni įrašai',
    newer: 'Naujesni įrašai',
    download: 'Atsisiųsti kaip failą (JSON)',
    print: 'Puslapis spausdinti',
    logOut: 'Atsijungti',
  },
  errors: {
    400: {
      heading: 'Užklausos nesupratome',
      paragraphs: [`Jūsų naršyklė atsiuntė duomenis, kurių šis puslapis nepriima. ${startFromService}`],
    },
    403: {
      heading: 'Tai atsiųsta ne iš mūsų puslapio',
      paragraphs: [`Kita svetainė bandė išsiųsti formą Jūsų vardu, todėl ją atmetėme. ${startFromService}`],
    },
    404: {
      heading: 'Čia nieko nėra',
      paragraphs: [
        'Galbūt adresas įvestas su klaida arba pasenęs. Norėdami prisijungti, eikite prie paslaugos, kuria norite naudotis, ir pradėkite ten.',
      ],
    },
    405: {
      heading: 'Šis puslapis taip neveikia',
      paragraphs: [startFromService],
    },
    413: {
      heading: 'Atsiųsta per daug duomenų',
      paragraphs: ['Forma didesnė, nei priimame. Grįžkite ir įveskite tik savo asmens kodą.'],
    },
    415: {
      heading: 'Užklausos nesupratome',
      paragraphs: [`Forma atsiųsta tokiu būdu, kurio nepriimame. ${startFromService}`],
    },
    429: {
      heading: 'Prašome šiek tiek palaukti',
      paragraphs: [
        'Iš Jūsų tinklo gauta daugiau užklausų, nei galime apdoroti. Šiek tiek palaukite ir bandykite dar kartą.',
      ],
    },
    500: {
      heading: 'Mūsų sistemoje įvyko klaida',
      paragraphs: ['Tai ne Jūsų kaltė. Netrukus bandykite dar kartą.', tellService],
    },
    503: {
      heading: 'Netrukus grįšime',
      paragraphs: [
        'Prisijungimo paslauga paleidžiama iš naujo. Palaukite kelias sekundes ir bandykite dar kartą.',
      ],
    },
  },
  openIdError: {
    heading: 'Šio prisijungimo tęsti negalima',
    paragraphs: [
      'Paslauga, iš kurios čia patekote, atsiuntė užklausą, į kurią negalime atsakyti, arba prisijungimas pradėtas per seniai.',
      'Grįžkite prie paslaugos ir ten prisijunkite iš naujo. Jei tai kartojasi, praneškite paslaugos teikėjui, kas parašyta toliau.',
    ],
  },
  logout: {
    heading: 'Ar norite atsijungti?',
    paragraphs: ['Paslauga, kuria naudojotės, prašo atjungti Jus ir čia.'],
    confirm: 'Atsijungti',
    stay: 'Likti prisijungus',
    ongoing: 'Atsijungiama',
  },
  unregisteredAddress: {
    lead: (client) =>
      `Negalime nukreipti Jūsų atgal prie paslaugos „${client}“, nes ji nurodė adresą, kuris pas mus neregistruotas.`,
    advice: (client) =>
      `Praneškite paslaugos „${client}“ teikėjui, kas parašyta toliau. Dabar šį puslapį galite uždaryti.`,
  },
  logoutErrors: {
    refused: {
      heading: 'Šio atsijungimo tęsti negalima',
      paragraphs: [
        'Paslauga, iš kurios čia patekote, atsiuntė atsijungimo užklausą, kurios negalime priimti, arba užklausa išsiųsta per seniai.',
        'Grįžkite prie paslaugos ir atsijunkite ten. Jei tai kartojasi, praneškite paslaugos teikėjui, kas parašyta toliau.',
      ],
    },
    failed: {
      heading: 'Atsijungiant įvyko klaida',
      paragraphs: [
        'Tai ne Jūsų kaltė. Netrukus bandykite dar kartą.',
        'Jei tai kartojasi, praneškite paslaugos, kuria naudojotės, teikėjui ir nurodykite toliau pateiktą numerį.',
      ],
    },
  },
};
