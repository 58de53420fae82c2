package bubble_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/rpc"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/status"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
)

// Arith is the service of net/rpc's own documentation.
type Arith struct{}

// Args are the arguments of [Arith.Multiply].
type Args struct{ A, B int }

// Multiply multiplies.
func (Arith) Multiply(a Args, reply *int) error { *reply = a.A * a.B; return nil }

// Fail fails.
func (Arith) Fail(Args, *int) error { return errors.New("no") }

func TestNetRPC(t *testing.T) {
	replays(t, func(p *pair) {
		s := rpc.NewServer()
		require.NoError(p, s.Register(Arith{}))
		l := p.listen(p.server, ":1234")
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go s.ServeConn(c)
			}
		}()
		raw, err := p.client.Dial("tcp", "server:1234")
		require.NoError(p, err)
		c := rpc.NewClient(raw)
		begin, got := time.Now(), 0
		require.NoError(p, c.Call("Arith.Multiply", Args{6, 7}, &got))
		require.Equal(p, 42, got)
		require.EqualError(p, c.Call("Arith.Fail", Args{}, &got), "no")
		p.since(begin, 2*rtt, "two calls, one after the other")
		require.NoError(p, c.Close())
		require.NoError(p, l.Close())
	})
}

func TestReverseProxyBetweenTwoLinks(t *testing.T) {
	const back = 30 * time.Millisecond
	replays(t, func(p *pair) {
		backend := p.net.Host("backend", netsim.HostConfig{})
		p.net.Link(p.server, backend, netsim.LinkConfig{RTT: back})
		b := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			// Without a length the proxy flushes under a mutex that its timer
			// waits for.
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.Write(body)
		})}
		go b.Serve(p.listen(backend, ":8080"))
		p.Cleanup(func() { b.Close() })
		target, err := url.Parse("http://backend:8080")
		require.NoError(p, err)
		proxy := httputil.NewSingleHostReverseProxy(target)
		proxy.Transport = p.transport(p.server)
		p.serve(&http.Server{Handler: proxy})

		c, begin := p.http(), time.Now()
		_, body := p.post(c, "http://server/", 1000)
		require.Equal(p, text(1000), body)
		p.since(begin, 2*(rtt+back), "handshake and request on both links")
		_, body = p.post(c, "http://server/", 1000)
		require.Equal(p, text(1000), body)
		p.since(begin, 3*(rtt+back), "both connections are kept")
	})
}

// textCodec puts strings on the wire as they are, so that the service needs no
// generated code.
type textCodec struct{}

func (textCodec) Name() string                       { return "text" }
func (textCodec) Marshal(v any) ([]byte, error)      { return []byte(*v.(*string)), nil }
func (textCodec) Unmarshal(data []byte, v any) error { *v.(*string) = string(data); return nil }

var _ encoding.Codec = textCodec{}

// echoService has a unary method and a stream in both directions.
var echoService = grpc.ServiceDesc{
	ServiceName: "test.Echo", HandlerType: (*any)(nil),
	Methods: []grpc.MethodDesc{{MethodName: "Say", Handler: func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		var in string
		if err := decode(&in); err != nil {
			return nil, err
		}
		if in == "wait" {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return &in, nil
	}}},
	Streams: []grpc.StreamDesc{{StreamName: "Chat", ClientStreams: true, ServerStreams: true, Handler: func(_ any, s grpc.ServerStream) error {
		for {
			var in string
			if err := s.RecvMsg(&in); err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
			if err := s.SendMsg(&in); err != nil {
				return err
			}
		}
	}}},
}

func (p *pair) grpc() *grpc.ClientConn {
	s := grpc.NewServer(grpc.ForceServerCodec(textCodec{}))
	s.RegisterService(&echoService, struct{}{})
	go s.Serve(p.listen(p.server, ":50051"))
	p.Cleanup(s.Stop)
	c, err := grpc.NewClient("passthrough:///server:50051",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(textCodec{})),
		grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
			return p.client.DialContext(ctx, "tcp", addr)
		}))
	require.NoError(p, err)
	p.Cleanup(func() { c.Close() })
	p.quiet()
	return c
}

func TestGRPCUnaryCalls(t *testing.T) {
	alike(t, bubble.SameVolume, func(p *pair) {
		c := p.grpc()
		var got string
		in := "hello"
		require.NoError(p, c.Invoke(context.Background(), "/test.Echo/Say", &in, &got))
		require.Equal(p, in, got)
		begin := time.Now()
		require.NoError(p, c.Invoke(context.Background(), "/test.Echo/Say", &in, &got))
		p.since(begin, rtt, "a call on an open connection")
	})
}

// The client's deadline reaches the server in a header, so that both end the call:
// the client's RST_STREAM arrives when the server's deadline comes. grpc-go's
// server has two timers for that instant. One has it send RST_STREAM, the other
// ends the handler, whose status it then sends; which is first, synctest draws by
// lot. So there is no one trace, not even on one processor.
func TestGRPCDeadlineEndsTheCallOnBothSides(t *testing.T) {
	alikeWith(t, bubble.CheckConfig{Runs: alikeRuns, Same: bubble.SameShape}, func(p *pair) {
		c := p.grpc()
		in, got := "hello", ""
		require.NoError(p, c.Invoke(context.Background(), "/test.Echo/Say", &in, &got))
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		in = "wait"
		begin := time.Now()
		err := c.Invoke(ctx, "/test.Echo/Say", &in, &got)
		require.Equal(p, codes.DeadlineExceeded, status.Code(err))
		p.since(begin, timeout, "the call's deadline")
	})
}

func TestGRPCStreamAnswersEachMessageInOneRoundTrip(t *testing.T) {
	alike(t, bubble.SameVolume, func(p *pair) {
		c := p.grpc()
		s, err := c.NewStream(context.Background(), &echoService.Streams[0], "/test.Echo/Chat")
		require.NoError(p, err)
		var got string
		for i := range 5 {
			begin, in := time.Now(), text(100*(i+1))
			require.NoError(p, s.SendMsg(&in))
			require.NoError(p, s.RecvMsg(&got))
			require.Equal(p, in, got)
			if i > 0 {
				p.since(begin, rtt, "one round trip")
			}
		}
		require.NoError(p, s.CloseSend())
		require.ErrorIs(p, s.RecvMsg(&got), io.EOF)
	})
}

func TestGRPCCallFailsAsUnavailableWhenTheServerCrashes(t *testing.T) {
	alike(t, bubble.SameVolume, func(p *pair) {
		c := p.grpc()
		in, got := "hello", ""
		require.NoError(p, c.Invoke(context.Background(), "/test.Echo/Say", &in, &got))
		time.AfterFunc(time.Second, func() {
			p.net.Do(func(*netsim.Network) { p.server.Sim().Reboot() })
		})
		time.Sleep(time.Second + time.Nanosecond)
		err := c.Invoke(context.Background(), "/test.Echo/Say", &in, &got)
		require.Equal(p, codes.Unavailable, status.Code(err), "the segment drew a RST")
	})
}
