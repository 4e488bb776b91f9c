/** The simulator's delays. The control API changes them while it runs. */
export interface Delays {
  /** Of automated accounts, in milliseconds. */
  answerMs: number;
  /** Of a slow OCSP responder or CRL, in milliseconds. */
  slowMs: number;
  /** The timeout of a session that starts now, in seconds. */
  sessionSeconds: number;
}
