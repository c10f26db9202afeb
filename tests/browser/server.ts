import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The example's server as a process of its own, so that it can be killed like a crash. */
export class GameServer {
  private readonly child: ChildProcess;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
  }

  /** Starts it on `port` (0: any free one) and resolves when it says that it listens. */
  static async start(port = 0): Promise<GameServer> {
    const child = spawn("target/debug/tictactoe-server", [`127.0.0.1:${port}`, "examples/tictactoe/web/dist"], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stdout?.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const found = /http:\/\/\S+/.exec(text);
        if (found !== null) resolve(found[0]);
      });
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the server stopped with ${code}: ${text}`)));
    });
    return new GameServer(child, url);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Ends it at once, without a goodbye. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }
}
