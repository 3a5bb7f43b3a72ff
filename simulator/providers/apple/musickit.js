// A stand-in for MusicKit JS v3: the same calls, with a dialog that lets you choose who you are.
(() => {
  const base = document.currentScript.src.replace(/\/musickit\/v3\/musickit\.js.*$/, "");
  let instance = null;

  function ask(accounts) {
    const dialog = document.createElement("dialog");
    dialog.innerHTML =
      '<form method="dialog"><h2>Apple Music</h2><p>An application asks to read what you listened to.</p>' +
      '<label>Account <select name="account"></select></label> ' +
      '<button name="decision" value="allow">Allow</button> ' +
      '<button name="decision" value="deny">Deny</button></form>';
    const select = dialog.querySelector("select");
    for (const account of accounts) select.add(new Option(account, account));
    document.body.append(dialog);
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve({ account: select.value, decision: dialog.returnValue || "deny" });
      });
      dialog.showModal();
    });
  }

  class Instance {
    constructor(developerToken) {
      this.developerToken = developerToken;
      this.musicUserToken = undefined;
      this.isAuthorized = false;
    }

    async authorize() {
      const accounts = await (await fetch(`${base}/accounts`)).json();
      const choice = await ask(accounts);
      const answer = await fetch(`${base}/authorize`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ developer_token: this.developerToken, ...choice }),
      });
      if (!answer.ok) throw new Error("AUTHORIZATION_ERROR: Unauthorized");
      this.musicUserToken = (await answer.json()).music_user_token;
      this.isAuthorized = true;
      return this.musicUserToken;
    }
  }

  window.MusicKit = {
    async configure({ developerToken }) {
      instance = new Instance(developerToken);
      return instance;
    },
    getInstance: () => instance,
  };
  document.dispatchEvent(new Event("musickitloaded"));
})();
