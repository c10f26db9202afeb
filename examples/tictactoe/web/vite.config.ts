import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // `npm run dev -w tictactoe-web` serves the page with hot reload and passes the socket on to a running server.
  server: { proxy: { "/socket": { target: "ws://127.0.0.1:8080", ws: true } } },
});
