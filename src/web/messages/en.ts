import type { Messages, OutcomeText } from './messages.ts';

/** Our side or the operator's agreement with SK is at fault: the person can only tell the operator. */
const technicalProblem: OutcomeText = {
  heading: 'We have a technical problem',
  paragraphs: [
    'Logging in did not work, and it was nothing that you did. Please try again in a few minutes.',
    'If it keeps happening, contact the service that you were logging in to and quote the number below.',
  ],
  retry: 'Try again',
};

const refused: OutcomeText = {
  heading: 'You cancelled the request in the app',
  paragraphs: [
    'You were not logged in. If that was not what you wanted, try again.',
    'If you did not start this login yourself, you did the right thing.',
  ],
  retry: 'Try again',
};

const refusedCodeChoice: OutcomeText = {
  heading: 'You cancelled when choosing the code',
  paragraphs: [
    'The app asked which verification code this page shows, and you cancelled there. You were not logged in.',
    'If none of the codes in the app was the one on this page, you did the right thing: somebody else may have started a login in your name.',
  ],
  retry: 'Try again',
};

const failedAtSmartId: OutcomeText = {
  heading: 'Smart-ID could not complete the login',
  paragraphs: ['Something went wrong at Smart-ID. You were not logged in. Please try again.'],
  retry: 'Try again',
};

const verificationFailed: OutcomeText = {
  heading: 'We could not verify the answer',
  paragraphs: [
    'An answer came from Smart-ID, but not one that we can trust. To keep you safe, we did not log you in.',
    'Please try again. If it keeps happening, contact the service that you were logging in to and quote the number below.',
  ],
  retry: 'Try again',
};

export const en: Messages = {
  language: 'en',
  smartIdHelpUrl: 'https://www.smart-id.com/help/',
  appText: (client) => `Log in to ${client}`,
  appTextUnknownBrowser: (client) => `Not you? Cancel. Log in to ${client}`,
  ownTextUnknownBrowser: (text) => `Not you? Cancel. ${text}`,
  unknownBrowser: (browser) => `(new browser: ${browser})`,
  layout: {
    secureSignIn: 'Secure login',
    simulator: 'Simulated Smart-ID: not real',
    simulatorPhone: 'Open the virtual phone',
    demo: 'Smart-ID demo environment',
    pinNotice: 'Enter your PIN only in the Smart-ID app, never on a web page.',
    help: 'Smart-ID help',
    opensNewTab: '(opens in a new tab)',
    languages: 'Languages',
  },
  action: {
    backTo: (client) => `Back to ${client}`,
    startAgain: 'Start again',
    tryAgain: 'Try again',
    continueTo: (client) => `Continue to ${client}`,
    reference: 'For support:',
    startAgainAt: (client) => `Start again at ${client}`,
  },
  methods: {
    title: (client) => `Log in to ${client} with Smart-ID`,
    heading: 'Log in with Smart-ID',
    computerLead: 'Scan a QR code with the Smart-ID app on your phone.',
    phoneLead: 'The app opens on this phone and brings you back here.',
    tabletLead: 'Scan a QR code with your phone, or use the Smart-ID app on this tablet.',
    steps: [
      'Open the Smart-ID app on your phone',
      'Tap “Scan QR code”',
      'Check the service’s name, and enter PIN1',
    ],
    showQr: 'Show the QR code',
    showQrForOtherDevice: 'Show a QR code for another device',
    openApp: 'Open the Smart-ID app',
    openAppOnThisDevice: 'Open the Smart-ID app on this device',
    personalCode: 'Use my personal code',
    personalCodeInstead: 'Use my personal code instead',
    qrInstead: 'Scan a QR code instead',
    otherMethods: 'Log in another way',
    or: 'or',
    starting: 'One moment…',
  },
  qr: {
    title: (client) => `Scan the QR code: ${client}`,
    heading: 'Scan the code to log in',
    lead: 'Scan it with the Smart-ID app, not with the camera app.',
    picture: 'QR code for the Smart-ID app',
    preparing: 'The QR code will appear here in a moment',
    secondsLeft: {
      one: 'This code works for {seconds} more second',
      other: 'This code works for {seconds} more seconds',
    },
    expiring: 'The code is about to expire',
    expired: 'This code has expired. If you have scanned it already, continue in the app.',
    newCode: 'Show a new code',
    interrupted: 'The connection was interrupted. The code will reappear when the connection is back.',
    scanOnVirtualPhone: 'Scan the code with the virtual phone',
    holding:
      'Hold the phone in front of the screen, about a hand’s length away, until the app recognises the code.',
  },
  web2app: {
    title: (client) => `Continue in the Smart-ID app: ${client}`,
    heading: 'Continue in the Smart-ID app',
    lead: 'Check the service’s name in the app, and enter PIN1. The app then brings you back here.',
    preparing: 'The button that opens the app will appear here in a moment',
    secondsLeft: {
      one: 'Open the app within {seconds} second',
      other: 'Open the app within {seconds} seconds',
    },
    expiring: 'The time to open the app is nearly over',
    expired: 'The time to open the app is over. If you have opened it already, continue in the app.',
    newLink: 'Start again',
    confirmedHeading: 'Continue in the new tab',
    confirmedLead:
      'You have confirmed in the app, and it takes you back to your browser. Your login continues in the tab that the app opens.',
  },
  login: {
    title: (client) => `Log in to ${client} with your personal code`,
    heading: 'Log in with your personal code',
    lead: 'We will send a request to your Smart-ID app.',
    remember: 'Remember my personal code in this browser',
    sendTo: (lastFour) => `Send the request to the phone of …${lastFour}`,
    otherCode: 'Use another personal code',
    expected: (country, lastFour) =>
      `This login is only for the person whose personal code (${country}) ends in ${lastFour}.`,
    expectedDocument: (country, end) =>
      `This login is only for the person whose passport or identity card number (${country}) ends in ${end}.`,
    country: 'Country',
    personalCode: 'Personal code',
    submit: 'Continue',
    submitting: 'Sending…',
    countries: { EE: 'Estonia', LV: 'Latvia', LT: 'Lithuania', BE: 'Belgium' },
    hints: {
      EE: (example) => `Estonia: 11 digits, like ${example}`,
      LV: (example) => `Latvia: 11 digits, like ${example}`,
      LT: (example) => `Lithuania: 11 digits, like ${example}`,
      BE: (example) => `Belgium: national register number, 11 digits, like ${example}`,
    },
    errorTitle: (title) => `Error: ${title}`,
    errorHeading: 'Please check this',
    errors: {
      country: 'Choose the country that issued your personal code',
      empty: 'Enter your personal code',
      format: 'This is not a personal code of the chosen country',
      checkDigit: 'There is a typing mistake in the personal code. Check the digits',
      otherCountry: (country) =>
        `This looks like a personal code of another country: ${country}. Check the country and continue`,
    },
    entered: (country, firstFour) => `You entered: ${country}, ${firstFour}…`,
    tryCountry: (country) => `Try another country: ${country}`,
  },
  wait: {
    title: (client) => `Confirm on your phone: ${client}`,
    heading: 'Compare this code',
    rememberHeading: 'Remember this code',
    confirmHeading: 'Now confirm in the Smart-ID app',
    sendingHeading: 'Sending the request to your phone',
    sendingLead: 'Have your phone to hand. A code to compare will appear here in a moment.',
    lead: 'If the app shows several codes, choose this one. Enter PIN1 only if the app shows exactly this code.',
    codeFirstLead:
      'The Smart-ID app will ask you for it in a moment. Enter PIN1 only if the app shows exactly this code.',
    confirmLead:
      'If no request appears, open the app yourself. Enter PIN1 only if the app shows exactly this code.',
    code: 'Verification code:',
    secondsLeft: {
      one: 'Waiting for you, {seconds} second left',
      other: 'Waiting for you, {seconds} seconds left',
    },
    pushPending: 'The request will go to your phone in a moment',
    overdue: 'Time is up, checking with Smart-ID',
    cancel: 'Cancel',
    cancelling: 'Cancelling…',
    interrupted: 'No connection, we keep trying',
  },
  continuing: {
    loggedIn: 'You are logged in',
    heading: (client) => `Taking you to ${client}`,
    lead: 'This takes a moment. If nothing happens, use the button.',
    link: 'Continue',
  },
  moment: {
    heading: 'One moment, please',
    login:
      'We cannot continue at the moment, and it was nothing that you did. Your login is not lost: this page continues by itself.',
    page: 'We cannot continue at the moment, and it was nothing that you did. This page continues by itself.',
    form: 'We cannot do this at the moment, and it was nothing that you did. Go back and try again in a minute.',
  },
  outcomes: {
    request_malformed: technicalProblem,
    relying_party_not_allowed: technicalProblem,
    client_too_old: technicalProblem,
    account_not_found: {
      heading: 'We found no Smart-ID account',
      paragraphs: [
        'There is no Smart-ID account for this personal code. Check the country and the code, and try again.',
        'If you do not have Smart-ID yet, you can get it from Smart-ID’s website.',
      ],
      help: { label: 'How to get Smart-ID', first: false },
      retry: 'Check the code and try again',
    },
    account_not_suitable: {
      heading: 'Your Smart-ID needs an upgrade',
      paragraphs: [
        'You are using a Smart-ID Basic account. This account has limited access: you can use it for online banking, but won’t be able to log in to other e-services, sign documents etc. Please upgrade your Smart-ID account. You should create a new account electronically using your ID-card, Mobile-ID (in Lithuania) or by visiting bank office.',
      ],
      help: { label: 'How to upgrade', first: true },
      retry: 'Try again with another account',
    },
    attention_required: {
      heading: 'Smart-ID needs your attention',
      paragraphs: [
        'Open the Smart-ID app or Smart-ID’s self-service portal: something is waiting for you there. Once it is done, try again.',
      ],
      help: { label: 'Get help from Smart-ID', first: false },
      retry: 'Try again',
    },
    maintenance: {
      heading: 'Smart-ID is under maintenance',
      paragraphs: [
        'Smart-ID is undergoing maintenance and cannot be used at the moment. Please try again later.',
      ],
      help: { label: 'News from Smart-ID', first: false },
      retry: 'Try again',
    },
    service_failed: {
      heading: 'Smart-ID is not responding',
      paragraphs: [
        'We cannot reach Smart-ID at the moment. You were not logged in. Please try again in a few minutes.',
      ],
      retry: 'Try again',
    },
    revocation_unavailable: {
      heading: 'We could not check your Smart-ID',
      paragraphs: [
        'The service that checks whether a Smart-ID is still valid is not responding. To keep you safe, we did not log you in. Please try again in a few minutes.',
      ],
      retry: 'Try again',
    },
    session_not_found: {
      heading: 'This request is no longer valid',
      paragraphs: [
        'Smart-ID no longer recognises this request, perhaps because it took too long. Please try again.',
      ],
      retry: 'Try again',
    },
    country_not_allowed: {
      heading: 'This service does not accept Smart-ID from your country',
      paragraphs: [
        'You have confirmed with a Smart-ID from a country that this service does not accept. You were not logged in.',
        'If you have a Smart-ID from another country, try again with that one.',
      ],
      retry: 'Try again with another account',
    },
    person_mismatch: {
      heading: 'Somebody else was expected',
      paragraphs: [
        'This login was started for one person, and another person’s Smart-ID confirmed it. Nobody was logged in.',
        'Try again with the Smart-ID of the person whom the service expects.',
      ],
      retry: 'Try again',
    },
    callback_refused: {
      heading: 'We could not confirm your return from the app',
      paragraphs: [
        'The Smart-ID app led to a browser window that did not start this login, for example another browser, a private window or a window inside another app. To keep you safe, we did not log anyone in.',
        'Try again here with the QR code or your personal code.',
      ],
      retry: 'Try again',
    },
    too_many_logins: {
      heading: 'Please wait a little',
      paragraphs: [
        'A lot of logins were started in a short time, so the next one has to wait. You were not logged in.',
        'Try again once the time shown below has passed.',
      ],
      retry: 'Try again',
    },
    too_many_waiting: {
      heading: 'Many people are logging in right now',
      paragraphs: [
        'So many people are waiting to log in that the next one has to wait a moment. You were not logged in.',
        'Try again once the time shown below has passed.',
      ],
      retry: 'Try again',
    },
    too_many_logins_of_person: {
      heading: 'Please wait before you try again',
      paragraphs: [
        'Many logins were started with this personal code in a short time, so the next one has to wait. You were not logged in.',
        'In the Smart-ID app, never confirm a request that you did not start yourself.',
      ],
      retry: 'Try again',
    },
    push_too_soon: {
      heading: 'The next request has to wait',
      paragraphs: [
        'So that nobody is flooded with requests, we send one at a time to a phone. If requests are not confirmed, the wait gets longer each time.',
        'If the Smart-ID app shows a request that you did not start yourself, cancel it there.',
      ],
      retry: 'Try again',
    },
    user_refused: refused,
    user_refused_interaction: refused,
    user_refused_certificate_choice: {
      heading: 'No account was chosen',
      paragraphs: [
        'You have Smart-ID on more than one device, and the request was cancelled on one of them.',
        'Try again, and confirm on the device that you want to use.',
      ],
      retry: 'Try again',
    },
    timeout: {
      heading: 'Time ran out',
      paragraphs: [
        'No answer came from your phone in time, so you were not logged in.',
        'Check that your phone is on and connected to the internet, and try again. If no request appears, open the Smart-ID app yourself.',
      ],
      retry: 'Try again',
    },
    wrong_verification_code: {
      heading: 'The codes did not match',
      paragraphs: [
        'A wrong verification code was chosen in the app, so you were not logged in.',
        'Take care: if the code in the app was not the one on this page, somebody else may have started a login in your name. Never confirm a request that you did not start yourself.',
      ],
      retry: 'Try again',
    },
    document_unusable: {
      heading: 'Your Smart-ID cannot be used at the moment',
      paragraphs: ['Open the Smart-ID app to see why, or ask Smart-ID’s support. You were not logged in.'],
      help: { label: 'Get help from Smart-ID', first: true },
      retry: 'Try again',
    },
    account_unusable: {
      heading: 'Your Smart-ID account cannot be used',
      paragraphs: ['Open the Smart-ID app to see why, or ask Smart-ID’s support. You were not logged in.'],
      help: { label: 'Get help from Smart-ID', first: true },
      retry: 'Try again with another account',
    },
    interaction_not_supported: {
      heading: 'Your Smart-ID app is out of date',
      paragraphs: ['Update the Smart-ID app on your phone from the app store, and try again.'],
      help: { label: 'How to update the app', first: false },
      retry: 'Try again',
    },
    protocol_failure: failedAtSmartId,
    server_error: failedAtSmartId,
    expected_linked_session: failedAtSmartId,
    unknown_end_result: {
      heading: 'The login did not succeed',
      paragraphs: [
        'Smart-ID ended the login for a reason that we do not know. You were not logged in. Please try again.',
      ],
      retry: 'Try again',
    },
    response_malformed: verificationFailed,
    response_refused: verificationFailed,
  },
  basicAccount: {
    faq: 'See Smart-ID FAQ for more information',
    ways: 'How to register an account with full access:',
    idCard: 'ID-card: you need the card, its PIN codes and a card reader',
    mobileId: 'Mobile-ID: you need the phone with the Mobile-ID SIM card',
    bankOffice: 'Bank office: take an identity document with you',
  },
  expectedPersonNotFound:
    'The service has named the one person who can log in here, and there is no Smart-ID account for this person.',
  refusedInteractions: {
    displayTextAndPIN: {
      heading: 'You cancelled when asked for your PIN',
      paragraphs: [
        'The app asked for PIN1, and you cancelled there. You were not logged in.',
        'If you did not start this login yourself, you did the right thing. If you have forgotten PIN1, Smart-ID’s help tells you what to do.',
      ],
      help: { label: 'I have forgotten my PIN', first: false },
      retry: 'Try again',
    },
    confirmationMessage: {
      heading: 'You did not confirm the message',
      paragraphs: [
        'The app showed what you were about to log in to, and you cancelled there. You were not logged in.',
        'If you did not start this login yourself, you did the right thing.',
      ],
      retry: 'Try again',
    },
    confirmationMessageAndVerificationCodeChoice: refusedCodeChoice,
    verificationCodeChoice: refusedCodeChoice,
  },
  retryIn: 'You can try again {when}',
  retryNow: 'You can try again now.',
  notices: {
    continuesInOtherTab: {
      heading: 'You can close this tab',
      paragraphs: ['Your login has continued in another tab, where the Smart-ID app took you.'],
    },
    otherBrowser: {
      heading: 'You came back in another browser',
      paragraphs: [
        'The login began in another browser, a private window or a window inside another app, so it cannot continue here.',
        'Go back to where you began and choose the QR code or your personal code there, or start again from the service.',
      ],
    },
    callbackUsed: {
      heading: 'This link back has already been used',
      paragraphs: [
        'The link that brings you back from the Smart-ID app works only once, and only for a short time.',
        'If you are not logged in yet, go back to the service that you want to use, and log in again from there.',
      ],
    },
    pushNotAllowed: {
      heading: 'Log in with the Smart-ID app first',
      paragraphs: [
        'To protect you from strangers who know your personal code, we send requests to your phone only from browsers that you have used before.',
        'Use the QR code or the Smart-ID app this time. After that, your personal code works in this browser too.',
      ],
    },
    personNotAccepted: {
      heading: 'This service does not accept Smart-ID from your country',
      paragraphs: [
        'The service has named the one person who can log in here, and this person’s Smart-ID is from a country that the service does not accept.',
        'Go back to the service. If it keeps happening, tell the service what is written below.',
      ],
    },
    expired: {
      heading: 'This login has ended',
      paragraphs: [
        'It took too long, was cancelled, or was started in another browser.',
        'Go back to the service that you want to use, and log in again from there.',
      ],
    },
    noCookies: {
      heading: 'We cannot recognise your browser',
      paragraphs: [
        'Your browser sent no cookie, and we need one to keep your login apart from everybody else’s. Allow cookies for this site.',
        'The same happens when a login was opened in another browser or is too old. Then go back to the service that you want to use, and log in again from there.',
      ],
    },
    finished: {
      heading: 'You are already logged in',
      paragraphs: [
        'This login is complete. Continue in the service; this page has nothing more to do and can be closed.',
      ],
    },
    loggedOut: {
      heading: 'You are logged out',
      paragraphs: ['You can close this page now.'],
    },
    stillLoggedIn: {
      heading: 'You are still logged in',
      paragraphs: ['Nothing was changed. You can close this page now.'],
    },
  },
  browser: {
    known: {
      heading: 'We remember this browser',
      paragraphs: [
        'You have logged in here with the Smart-ID app, so your personal code is trusted more in this browser than elsewhere.',
        'If other people use this browser too, let us forget it.',
      ],
    },
    keepsLogin: 'A service keeps you logged in here for a while. If we forget this browser, that login ends.',
    remembersCode: (lastFour) =>
      `Your personal code, which ends in ${lastFour}, is remembered in this browser.`,
    forget: 'Forget this browser',
    forgetting: 'Forgetting…',
    unknown: {
      heading: 'We do not remember this browser',
      paragraphs: ['Nobody’s login is remembered here. There is nothing to forget.'],
    },
    forgotten: {
      heading: 'This browser is forgotten',
      paragraphs: ['The next login here is treated as one from an unknown browser. You can close this page.'],
    },
    link: 'Forget this browser',
  },
  history: {
    heading: 'Logins in your name',
    start:
      'After you have logged in, you see when somebody logged in, or tried to, in your name, at which service, and what came of it. Nobody else sees it.',
    notLoggedIn: 'You were not logged in. Please try again.',
    loggedOut: 'You are logged out.',
    lead: (lastFour) => `For the person whose personal code ends in ${lastFour}. All times are in UTC.`,
    kept: (days) =>
      `Entries are kept for ${days === 1 ? 'one day' : `${days} days`}; older ones are gone. An entry appears some seconds after the event, and can be missing after a technical problem.`,
    empty: 'There is no entry in your name.',
    outcomes: {
      finished: 'Logged in',
      cancelled: 'Cancelled on the page',
      open: 'Not finished',
      limited: 'Refused: too many attempts',
      failed: 'Not logged in',
    },
    ways: {
      qr: 'With a QR code',
      web2app: 'With the app on the same device',
      notification: 'With the personal code',
      backchannel: 'Started by the service, without a browser',
    },
    network: (number) => `Network ${number}`,
    thisNetwork: 'the network that you use now',
    notStarted:
      'Did you not start this? Then somebody else has used your personal code. They were not logged in. Never confirm a request that you did not start yourself.',
    confirmed:
      'Did you not start this? Then you confirmed somebody else’s login with your Smart-ID. They were not logged in. Never confirm a request that you did not start yourself.',
    notYou: {
      heading: 'Was it not you?',
      paragraphs: [
        'If somebody logged in who was not you, tell the service at once and quote the number of the entry. Contact Smart-ID’s support, too.',
        'If a request appears on your phone that you did not start, cancel it in the Smart-ID app. Whoever knows your personal code can start requests, but nobody gets in without your PIN.',
      ],
    },
    endAllLead:
      'This button ends every login that a service keeps open for you, and we forget all browsers that know you.',
    endAll: 'End all logins and forget all browsers',
    browsers: {
      heading: 'Browsers that know you',
      paragraphs: [
        'You have logged in with the Smart-ID app in these browsers, so your personal code is trusted more there. If one of them is not yours, let us forget it.',
      ],
    },
    noBrowser: 'No browser knows you.',
    tooOften: 'You have done this too often in a short time. Try again once the time shown below has passed.',
    forgotten: {
      one: 'The browser is forgotten.',
      all: 'All browsers are forgotten, and every login that a service kept open for you has ended.',
    },
    thisBrowser: 'This browser',
    since: (time) => `Since ${time}`,
    used: (time) => `Last login: ${time}`,
    forgetBrowser: 'Forget the browser of this entry',
    older: 'Older entries',
    newer: 'Newer entries',
    download: 'Download as a file (JSON)',
    print: 'Page to print',
    logOut: 'Log out',
  },
  errors: {
    400: {
      heading: 'We did not understand that',
      paragraphs: [
        'Your browser sent something that this page does not expect. Go back to the service that you want to use, and log in again from there.',
      ],
    },
    403: {
      heading: 'This did not come from our page',
      paragraphs: [
        'Another website tried to send a form in your name, so we refused it. Go back to the service that you want to use, and log in again from there.',
      ],
    },
    404: {
      heading: 'There is nothing here',
      paragraphs: [
        'The address may be mistyped or old. To log in, go to the service that you want to use, and start from there.',
      ],
    },
    405: {
      heading: 'This page does not work that way',
      paragraphs: ['Go back to the service that you want to use, and log in again from there.'],
    },
    413: {
      heading: 'The form was too large',
      paragraphs: ['The form was larger than we accept. Go back, and enter only your personal code.'],
    },
    415: {
      heading: 'We did not understand that',
      paragraphs: [
        'The form came in a way that we do not accept. Go back to the service that you want to use, and log in again from there.',
      ],
    },
    429: {
      heading: 'Please wait a little',
      paragraphs: ['More requests came from your network than we can answer. Wait a moment, and try again.'],
    },
    500: {
      heading: 'Something went wrong on our side',
      paragraphs: [
        'It was nothing that you did. Please try again in a moment.',
        'If it keeps happening, contact the service that you were logging in to and quote the number below.',
      ],
    },
    503: {
      heading: 'We will be back in a moment',
      paragraphs: ['The login service is being restarted. Wait a few seconds, and try again.'],
    },
  },
  openIdError: {
    heading: 'This login cannot continue',
    paragraphs: [
      'The service that sent you here sent us a request that we cannot answer, or the login is too old.',
      'Go back to the service, and log in again from there. If it keeps happening, tell the service what is written below.',
    ],
  },
  logout: {
    heading: 'Do you want to log out?',
    paragraphs: ['The service that you were using asks us to log you out here as well.'],
    confirm: 'Log out',
    stay: 'Stay logged in',
    ongoing: 'Logging you out',
  },
  unregisteredAddress: {
    lead: (client) =>
      `We cannot take you back to ${client}, because it gave an address that is not registered with us.`,
    advice: (client) => `Please tell ${client} what is written below. You can close this page now.`,
  },
  logoutErrors: {
    refused: {
      heading: 'This logout cannot continue',
      paragraphs: [
        'The service that sent you here sent us a logout request that we cannot accept, or the request is too old.',
        'Go back to the service, and log out there. If it keeps happening, tell the service what is written below.',
      ],
    },
    failed: {
      heading: 'Something went wrong while logging you out',
      paragraphs: [
        'It was nothing that you did. Please try again in a moment.',
        'If it keeps happening, contact the service that you were using and quote the number below.',
      ],
    },
  },
};
