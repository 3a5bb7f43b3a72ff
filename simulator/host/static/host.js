// Hands the session's token to the service's elements, and tells them what the app knows.
const session = new URL("../music/session/token", import.meta.url);
let kept;

function getToken({ fresh }) {
  if (fresh || !kept) kept = ask(fresh);
  return kept;
}

async function ask(fresh) {
  const answer = await fetch(fresh ? `${session}?fresh=1` : session);
  return answer.ok ? (await answer.json()).token : "";
}

const own = "top-songs[signed-in], followed-lists, connected-accounts, my-followers, privacy-settings";
for (const element of document.querySelectorAll(own)) {
  void getToken({ fresh: false });
  element.getToken = getToken;
  const { names, providers } = element.dataset;
  if (names) {
    const known = JSON.parse(names);
    element.nameOf = (user) => known[user] ?? user;
  }
  if (providers) element.providers = providers.split(" ");
}
