import { createRoot } from "react-dom/client";

import { App } from "./app.tsx";
import { readHost } from "./host.ts";

const root = document.getElementById("app");
if (root) createRoot(root).render(<App host={await readHost()} />);
