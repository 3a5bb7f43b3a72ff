import "@topk/elements";

/** Without the components: React 19 sets properties of the elements themselves. */
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "top-songs": Partial<HTMLElementTagNameMap["top-songs"]> & { readonly user?: string };
    }
  }
}

export function Plain({ api, user }: { readonly api: string; readonly user: string }) {
  return <top-songs api={api} user={user} k={5} />;
}
