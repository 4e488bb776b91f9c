const NAME = 'Smart-ID';
/**
 * Elements that contain no other elements, comments, tags, and the name itself. A part is read once: a tag can have as many names as an
 * attacker writes into an address.
 */
const PARTS = /<(title|option|script|style|svg)\b.*?<\/\1>|<!--.*?-->|<[^>]*>|Smart-ID/gs;

/**
 * Keeps the name Smart-ID on one line, by an element with a style: a character that does the same would be copied with the
 * text, and the name would not be found by searching the page.
 *
 * @param html of a page whose values are escaped, so that neither attributes nor text have a `>`
 */
export function withUnbrokenName(html: string): string {
  return html.replaceAll(PARTS, (part) => (part === NAME ? `<span class="smart-id">${NAME}</span>` : part));
}
