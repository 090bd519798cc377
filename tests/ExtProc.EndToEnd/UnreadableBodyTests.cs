using System.Text;
using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>What a redactor cannot read is refused or passes untouched, as it is declared; what holds text in another form is searched.</summary>
public sealed class UnreadableBodyTests(EnvoyLab lab) : LabTests(lab)
{
    private const string Refused = "body_unreadable";

    /// <summary>WebSocket frames whose length stands before them; the second would be lost behind a first of another length.</summary>
    private static readonly byte[][] Frames = [[0x82, 0x0A, .. "my secret!"u8], [0x82, 0x03, .. "two"u8], [0x82, 0x08, .. "secret 3"u8]];

    /// <summary>Envoy 1.39 waits for the first body answer before it sends headers on, so no tunnel comes about there.</summary>
    public static TheoryData<string, BodyMode> TunnelModes
    {
        get
        {
            var data = new TheoryData<string, BodyMode>();
            foreach (var (version, mode) in from version in Versions.Tested from mode in (BodyMode[])[BodyMode.Streamed, BodyMode.FullDuplexStreamed] select (version, mode))
            {
                if (!Versions.IsBetween(version, "1.39", "1.39"))
                {
                    data.Add(version, mode);
                }
            }

            return data;
        }
    }

    /// <summary>Modes in which bytes may be held back whatever the body's framing.</summary>
    public static TheoryData<string, BodyMode> Modes => Cases.With<BodyMode>([BodyMode.Buffered, BodyMode.BufferedPartial, BodyMode.FullDuplexStreamed]);

    public static TheoryData<string, string> UnreadableTypes => Cases.With<string>(
        ["", "application/octet-stream", "Application/GRPC+proto", "application/grpc; a=b", "application/grpc-web-text", "application/connect+proto", "text/plain; charset=utf-16", "multipart/mixed", "text/plain, image/png"]);

    [Theory]
    [MemberData(nameof(TunnelModes))]
    public Task Left_alone_a_tunnel_carries_every_frame_as_it_is_and_the_log_says_why(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Leaving(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                foreach (var head in (RequestHead[])[Tunnel.WebSocket(client, upstream), Tunnel.Connect(upstream)])
                {
                    visit.Note($"{client} {head.Method} {head.Authority}");
                    var exchange = await visit.OpenAsync(client);
                    await exchange.SendHeadAsync(head, visit.Cancel);
                    Assert.Equal(head.Method == "CONNECT" ? 200 : Tunnel.AcceptedStatus(client), (await exchange.ReadHeadAsync(visit.Cancel)).Status);
                    foreach (byte[] frame in Frames)
                    {
                        await Tunnel.EchoAsync(exchange, frame, visit.Cancel);
                    }

                    await exchange.DisposeAsync();
                }
            }

            await LoggedAsync(visit, "no HTTP body");
        });

    [Theory]
    [MemberData(nameof(TunnelModes))]
    public Task Otherwise_a_tunnel_is_refused_before_it_comes_about(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Redacting(mode), visit => RefusesTunnelsAsync(visit, expectedStatus: 415));

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public Task A_redactor_of_responses_refuses_the_tunnel_when_it_is_accepted(string version) => Versions.IsBetween(version, "1.39", "1.39")
        ? Task.CompletedTask
        : VisitAsync(version, Scenes.Named("redacting-responses"), visit => RefusesTunnelsAsync(visit, expectedStatus: 502));

    [Theory]
    [MemberData(nameof(UnreadableTypes))]
    public Task A_request_of_an_unreadable_type_never_reaches_the_upstream(string version, string type) =>
        VisitAsync(version, Scenes.Redacting(BodyMode.FullDuplexStreamed), async visit =>
        {
            var reply = await visit.SendAsync(ClientProtocol.Http1, UpstreamProtocol.Http1, Typed("/echo", type, "my secret"));
            Assert.Equal(415, reply.Answer.Status);
            Assert.DoesNotContain("secret", reply.Answer.Text, StringComparison.Ordinal);
            await LoggedAsync(visit, Refused);
        });

    [Theory]
    [MemberData(nameof(UnreadableTypes))]
    public Task Left_alone_it_passes_both_ways(string version, string type) =>
        VisitAsync(version, Scenes.Leaving(BodyMode.FullDuplexStreamed), async visit =>
        {
            var reply = await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http2, Typed("/echo", type, "my secret"));
            Check.Ok("my secret", reply.Answer);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_grpc_call_is_refused_with_a_grpc_status(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Redacting(mode), async visit =>
        {
            var reply = await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http2, Grpc("application/grpc"));
            Assert.Equal((200, "2"), (reply.Answer.Status, reply.Answer.Headers["grpc-status"]));
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task Left_alone_a_grpc_message_keeps_its_length(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Leaving(mode), async visit =>
        {
            foreach (string type in (string[])["application/grpc", "Application/GRPC+proto"])
            {
                var reply = await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http2, Grpc(type));
                Check.Ok(GrpcEcho.Frame("it is secret"u8.ToArray()), reply.Answer);
                Assert.Equal("0", reply.Answer.Trailers["grpc-status"]);
            }
        });

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public Task A_grpc_message_in_json_gets_the_length_that_it_then_has(string version) =>
        VisitAsync(version, Scenes.Named("redacting-requests"), async visit =>
        {
            var reply = await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http2, Grpc("application/grpc+json"));
            Check.Ok(GrpcEcho.Frame("it is [redacted]"u8.ToArray()), reply.Answer);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_form_is_searched_as_it_is_read(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Redacting(mode), visit =>
            EchoedAsync(visit, "application/x-www-form-urlencoded", "a=my+s%65cret&b=%73%65%63%72%65%74&c=d", "a=my+[redacted]&b=[redacted]&c=d"));

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_multipart_body_is_searched_part_by_part(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Redacting(mode), visit => EchoedAsync(
            visit,
            "multipart/form-data; boundary=b",
            "--b\r\ncontent-disposition: form-data; name=a\r\n\r\nmy secret\r\n--b\r\ncontent-type: application/json\r\n\r\n\"secret\"\r\n--b--\r\n",
            "--b\r\ncontent-disposition: form-data; name=a\r\n\r\nmy [redacted]\r\n--b\r\ncontent-type: application/json\r\n\r\n\"[redacted]\"\r\n--b--\r\n"));

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_part_that_cannot_be_read_never_reaches_the_upstream(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Redacting(mode), async visit =>
        {
            var call = Typed("/collect", "multipart/form-data; boundary=b", "--b\r\ncontent-type: image/png\r\n\r\nmy secret\r\n--b--\r\n");
            var reply = await visit.SendAsync(ClientProtocol.Http1, UpstreamProtocol.Http1, call);
            Assert.Equal(415, reply.Answer.Status);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_range_never_reaches_the_client(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Redacting(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                Assert.Equal(502, (await visit.SendAsync(client, upstream, Call.Get("/status?code=206"))).Answer.Status);
            }
        });

    /// <summary>As an upstream sends that ends a redirect without saying that there is no body.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public Task An_answer_without_a_type_and_without_a_byte_is_not_refused(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Redacting(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                Check.Ok("", (await visit.SendAsync(client, upstream, Call.Get("/empty-chunked"))).Answer);
            }
        });

    private static async Task RefusesTunnelsAsync(Visit visit, int expectedStatus)
    {
        foreach (var (client, upstream) in Cases.Protocols)
        {
            foreach (var head in (RequestHead[])[Tunnel.WebSocket(client, upstream), Tunnel.Connect(upstream)])
            {
                visit.Note($"{client} {head.Method} {head.Authority}");
                var exchange = await visit.OpenAsync(client);
                await exchange.SendHeadAsync(head, visit.Cancel);
                Assert.Equal(expectedStatus, (await exchange.ReadHeadAsync(visit.Cancel)).Status);
                await exchange.DisposeAsync();
            }
        }

        await LoggedAsync(visit, "reason=body_unreadable");
    }

    private static async Task EchoedAsync(Visit visit, string type, string body, string expected)
    {
        foreach (var (client, upstream) in Cases.Protocols)
        {
            var call = Call.Post("/echo", Pattern.Split(Encoding.UTF8.GetBytes(body), 12, seed: 3)) with { Headers = new Fields { { "content-type", type } } };
            var reply = await visit.SendAsync(client, upstream, call);
            Check.Ok(expected, reply.Answer);
            Assert.Equal(expected, (await reply.SeenAsync()).Text);
        }
    }

    private static Call Typed(string path, string type, string body) =>
        Call.Post(path, Encoding.UTF8.GetBytes(body)) with { Headers = type.Length == 0 ? [] : new Fields { { "content-type", type } } };

    private static Call Grpc(string type) => Call.Post("/test.Echo/Unary", GrpcEcho.Frame("it is secret"u8.ToArray())) with
    {
        Headers = new Fields { { "content-type", type }, { "te", "trailers" } },
    };

    /// <summary>The exchange's line comes when Envoy has closed its stream, a moment after the client has its answer.</summary>
    private static async Task LoggedAsync(Visit visit, string text)
    {
        visit.Note($"waits for \"{text}\" in the server's log");
        while (!visit.Server.Log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, visit.Cancel);
        }
    }
}
