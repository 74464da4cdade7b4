// Receives Rung's notifications: verifies them, and handles each once.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const bodyBytesMax = 1024 * 1024

// receiver keeps the ids in memory, to keep the example short. Store the id in the transaction of what the notification
// causes.
type receiver struct {
	webhook *standardwebhooks.Webhook
	mutex   sync.Mutex
	handled map[string]bool
}

func (r *receiver) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, bodyBytesMax))
	if err != nil {
		http.Error(response, "the body cannot be read", http.StatusBadRequest)
		return
	}
	if err := r.webhook.Verify(body, request.Header); err != nil {
		http.Error(response, err.Error(), http.StatusUnauthorized)
		return
	}
	r.once(request.Header.Get("webhook-id"), func() { fmt.Println("handled", string(body)) })
	fmt.Fprint(response, "success")
}

func (r *receiver) once(id string, handle func()) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if !r.handled[id] {
		handle()
		r.handled[id] = true
	}
}

func main() {
	webhook, err := standardwebhooks.NewWebhook(os.Getenv("RUNG_WEBHOOK_SECRET"))
	if err != nil {
		log.Fatal("RUNG_WEBHOOK_SECRET is not whsec_ and base64")
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "9000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening at", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, &receiver{webhook: webhook, handled: map[string]bool{}}))
}
