/** A form without script and style, for browsers that run neither. */
export const LOG_IN_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Log in to LLM Gateway</title>
<h1>LLM Gateway</h1>
<form method="post" action="login">
<p><label>Name<br><input name="username" autocomplete="username" required></label>
<p><label>Password<br><input name="password" type="password" autocomplete="current-password" required></label>
<p>When no password was set for the panel, it is the master key.
<p><button>Log in</button>
</form>
</html>
`;

export const LOG_IN_PAGE_POLICY = "default-src 'none'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'";
