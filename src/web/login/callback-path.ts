/** Where the Smart-ID app leads the browser back to. Its query is a credential. */
export const CALLBACK_PATH = '/callback/smart-id';
/** Where the page is that says that a callback is spent. */
export const USED_PATH = `${CALLBACK_PATH}/used`;
