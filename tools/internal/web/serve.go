package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Source names the newest release.
type Source interface {
	// Newest returns the newest site, or nil when it is still the one with that name. A release that cannot be
	// verified is an error.
	Newest(ctx context.Context, current string) (Site, error)
}

// Follow asks a source for newer releases until the context ends, and serves each as soon as it is whole. Trouble
// leaves the last good release in its place, is reported once, and shows in /-/health until it is over.
func (h *Handler) Follow(ctx context.Context, source Source, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.follow(ctx, source)
		}
	}
}

// follow takes one step: it looks once.
func (h *Handler) follow(ctx context.Context, source Source) {
	site, err := source.Newest(ctx, h.current.Load().site.Name())
	if err == nil && site != nil {
		err = h.Swap(site)
	}
	switch {
	case ctx.Err() != nil:
	case err == nil:
		h.trouble.Store(nil)
	default:
		text := err.Error()
		if old := h.trouble.Swap(&text); old == nil || *old != text {
			h.report(fmt.Errorf("a newer release is not served: %w", err))
		}
	}
}

// Serve answers on a listener until the context ends; then it takes no new request and lets running ones finish.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      responseTime, // files get more by their size
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(fmt.Errorf("stop serving: %w", err), server.Close())
	}
	return nil
}
