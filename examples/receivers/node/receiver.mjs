// Receives Rung's notifications: verifies them, and handles each once.
import { createServer } from "node:http";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const BODY_BYTES_MAX = 1024 * 1024;
const webhook = new Webhook(process.env.RUNG_WEBHOOK_SECRET);

// In memory, to keep the example short. Store the id in the transaction of what the notification causes.
const handled = new Set();

function handle(payload) {
  console.log("handled", JSON.stringify(payload));
}

async function read(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) {
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answer(response, status, text) {
  response.writeHead(status, { "Content-Type": "text/plain" }).end(text);
}

const server = createServer(async (request, response) => {
  const body = await read(request);
  if (body === null) {
    answer(response, 413, "too large");
    return;
  }
  try {
    const payload = webhook.verify(body, request.headers);
    const id = request.headers["webhook-id"];
    if (!handled.has(id)) {
      handle(payload);
      handled.add(id);
    }
    answer(response, 200, "success");
  } catch (e) {
    if (e instanceof WebhookVerificationError) {
      answer(response, 401, e.message);
    } else {
      answer(response, 500, "try again");
    }
  }
});

server.listen(Number(process.env.PORT ?? 9000), "127.0.0.1", () => console.log("listening at", server.address().port));
