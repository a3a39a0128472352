// Who is logged in here just now, and the token their requests need. On a shared computer that
// may be somebody else than the one who filmed.

export class LoggedOut extends Error {}
export class SomebodyElse extends Error {}

export class SessionToken {
  /**
   * @param {string} address
   * @param {string} owner whose takes this page is about
   * @param {string} token
   */
  constructor(address, owner, token) {
    this.address = address;
    this.owner = owner;
    this.token = token;
    /** Whether the last answer was another person's. */
    this.elsewhose = false;
  }

  /** Rejects while nobody, or somebody else, is logged in; and without a network. */
  async renew() {
    const answer = await fetch(this.address, {
      headers: { Accept: "application/json" },
      cache: "no-store",
    });
    if ([401, 403, 404].includes(answer.status)) throw new LoggedOut();
    if (!answer.ok) throw new TypeError(String(answer.status));
    const { person, token } = await answer.json();
    this.elsewhose = person !== this.owner;
    if (this.elsewhose) throw new SomebodyElse();
    this.token = token;
  }
}
