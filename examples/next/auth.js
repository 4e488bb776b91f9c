import NextAuth from 'next-auth';

const { ISSUER, CLIENT_SECRET } = process.env;

export const { handlers, auth, signIn } = NextAuth({
  // The secret of its session cookie is AUTH_SECRET.
  trustHost: true,
  providers: [
    {
      id: 'smart-id',
      name: 'Smart-ID',
      type: 'oidc',
      issuer: ISSUER,
      clientId: 'next',
      clientSecret: CLIENT_SECRET,
      authorization: { params: { scope: 'openid profile identity' } },
      // The default is PKCE alone. State and nonce bind the answer to this browser as well.
      checks: ['pkce', 'state', 'nonce'],
      // There is no e-mail: the subject is the key of the account.
      profile: ({ sub, name }) => ({ id: sub, name }),
    },
  ],
  callbacks: {
    // Without an adapter the library makes a random ID for each login; the subject is in providerAccountId.
    jwt: ({ token, account }) => (account ? { ...token, subject: account.providerAccountId } : token),
    session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.subject } }),
  },
});
