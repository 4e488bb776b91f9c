// A relying party with go-oidc and golang.org/x/oauth2.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

type visit struct {
	state, nonce, verifier string
	idToken, subject, name string
}

// In memory, by the value of a cookie. A real application has a session library.
var (
	mutex  sync.Mutex
	visits = map[string]visit{}
)

func main() {
	appURL, err := url.Parse(os.Getenv("APP_URL"))
	check(err)
	provider, err := oidc.NewProvider(context.Background(), os.Getenv("ISSUER"))
	check(err)
	verifier := provider.Verifier(&oidc.Config{ClientID: "go"})
	config := oauth2.Config{
		ClientID:     "go",
		ClientSecret: os.Getenv("CLIENT_SECRET"),
		Endpoint:     provider.Endpoint(),
		RedirectURL:  appURL.String() + "/callback",
		Scopes:       []string{oidc.ScopeOpenID, "profile", "identity"},
	}

	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		v, _ := visitOf(r)
		if v.subject == "" {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<a href="/login">Log in with Smart-ID</a>`)
			return
		}
		fmt.Fprintf(w, "%s %s", v.subject, v.name)
	})

	http.HandleFunc("GET /login", func(w http.ResponseWriter, r *http.Request) {
		v := visit{state: rand.Text(), nonce: rand.Text(), verifier: oauth2.GenerateVerifier()}
		keep(w, v)
		http.Redirect(w, r, config.AuthCodeURL(v.state, oidc.Nonce(v.nonce), oauth2.S256ChallengeOption(v.verifier)), http.StatusFound)
	})

	http.HandleFunc("GET /callback", func(w http.ResponseWriter, r *http.Request) {
		v, found := visitOf(r)
		query := r.URL.Query()
		if !found || v.state == "" || query.Get("state") != v.state {
			refuse(w, "this browser did not begin the login")
			return
		}
		if code := query.Get("error"); code != "" {
			refuse(w, "Sild answered with an error")
			return
		}
		token, err := config.Exchange(r.Context(), query.Get("code"), oauth2.VerifierOption(v.verifier))
		if err != nil {
			refuse(w, "the code was not accepted")
			return
		}
		raw, _ := token.Extra("id_token").(string)
		// Signature, issuer, audience and expiry; the nonce is left to the caller.
		idToken, err := verifier.Verify(r.Context(), raw)
		if err != nil || idToken.Nonce != v.nonce {
			refuse(w, "the ID token is not valid")
			return
		}
		var claims struct{ Name string }
		if err := idToken.Claims(&claims); err != nil {
			refuse(w, "the claims cannot be read")
			return
		}
		keep(w, visit{idToken: raw, subject: idToken.Subject, name: claims.Name})
		http.Redirect(w, r, "/", http.StatusFound)
	})

	http.HandleFunc("GET /logout", func(w http.ResponseWriter, r *http.Request) {
		v, _ := visitOf(r)
		keep(w, visit{})
		var metadata struct {
			EndSession string `json:"end_session_endpoint"`
		}
		check(provider.Claims(&metadata))
		// With the ID token as hint, Sild does not ask.
		parameters := url.Values{"id_token_hint": {v.idToken}, "post_logout_redirect_uri": {appURL.String() + "/"}}
		http.Redirect(w, r, metadata.EndSession+"?"+parameters.Encode(), http.StatusFound)
	})

	log.Fatal(http.ListenAndServe("localhost:"+appURL.Port(), nil))
}

// keep gives the browser a new cookie with each step, so that nobody can prepare one for another person.
func keep(w http.ResponseWriter, v visit) {
	id := rand.Text()
	mutex.Lock()
	visits[id] = v
	mutex.Unlock()
	http.SetCookie(w, &http.Cookie{Name: "visit", Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func visitOf(r *http.Request) (visit, bool) {
	cookie, err := r.Cookie("visit")
	if err != nil {
		return visit{}, false
	}
	mutex.Lock()
	defer mutex.Unlock()
	v, found := visits[cookie.Value]
	return v, found
}

func refuse(w http.ResponseWriter, reason string) {
	http.Error(w, "Not logged in: "+reason, http.StatusForbidden)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
