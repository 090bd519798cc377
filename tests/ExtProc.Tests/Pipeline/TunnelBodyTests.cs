using ExtProc.Pipeline;
using ExtProc.Processors;
using ExtProc.Testing;
using ExtProc.Tests.Processors;

namespace ExtProc.Tests.Pipeline;

/// <summary>What follows an upgrade or a CONNECT is no HTTP body: only who declares it is shown it.</summary>
public sealed class TunnelBodyTests
{
    private static readonly (string, string)[] Upgrade = [("upgrade", "websocket"), ("connection", "keep-alive, Upgrade")];

    /// <summary>A WebSocket text frame of 13 bytes, and one behind it.</summary>
    private static readonly byte[] Frames = [0x81, 0x0B, .. "my secret!!"u8, 0x81, 0x02, .. "ok"u8];

    public static TheoryData<string> Tunnels => ["websocket", "connect", "extended"];

    [Theory]
    [MemberData(nameof(Tunnels))]
    public async Task Skipped_its_bytes_pass_as_they_came_in_every_piece(string kind)
    {
        foreach (BodySendMode mode in (BodySendMode[])[BodySendMode.Streamed, BodySendMode.FullDuplexStreamed])
        {
            for (int cut = 0; cut < Frames.Length; cut++)
            {
                Seen seen = await Tunnel(Redacting.With(OnError.Skip), kind).In(mode).CutAt(cut).RunAsync();

                Assert.Equal(PlayOutcome.Passed, seen.Outcome);
                Assert.Equal((Redacting.Shown(Frames), Redacting.Shown(Frames)), (Redacting.Shown(seen.Upstream.BodyBytes.Span), Redacting.Shown(seen.Client.BodyBytes.Span)));
                Assert.Equal(["ReplaceProcessor: body_unreadable: what follows a CONNECT or an upgrade is no HTTP body"], seen.Notes);
                Assert.Empty(seen.Violations);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public async Task Otherwise_it_is_refused_before_a_byte_of_it(string kind)
    {
        foreach (BodySendMode mode in (BodySendMode[])[BodySendMode.Streamed, BodySendMode.FullDuplexStreamed])
        {
            Seen request = await Tunnel(Redacting.With(), kind).In(mode).RunAsync();
            Assert.Equal((415, Reasons.BodyUnreadable, false), (request.Client.Status, request.Details, request.Upstream.Arrived));

            Seen response = await Tunnel(Redacting.With(options: options => options with { In = BodiesOf.Response }), kind).In(mode).RunAsync();
            Assert.Equal((502, Reasons.BodyUnreadable), (response.Client.Status, response.Details));
            Assert.DoesNotContain("secret", response.Client.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public async Task No_header_makes_it_a_body(string kind)
    {
        Play play = Tunnel(Redacting.With(options: options => options with { Untyped = UntypedBody.Text, Types = ["*/*"] }), kind);
        foreach ((string name, string value) in ((string, string)[])[("content-type", "text/plain"), ("content-length", "0")])
        {
            Play dressed = play.Change(Direction.Request, traffic => traffic with { Headers = [.. traffic.Headers, new(name, value)] });

            Assert.Equal(415, (await dressed.RunAsync()).Client.Status);
        }
    }

    [Fact]
    public async Task A_refused_upgrade_is_answered_with_a_body_like_any_other()
    {
        Seen seen = await Redacting.With(OnError.Skip).Request("GET", "/", "", Upgrade).Response(403, "no secret", [("content-type", "text/plain")]).RunAsync();

        Assert.Equal("no [redacted]", seen.Client.Body);
    }

    [Theory]
    [InlineData("upgrade", "websocket")]
    [InlineData("connection", "upgrade")]
    public async Task Half_an_upgrade_is_none(string name, string value)
    {
        Seen seen = await Redacting.With(OnError.Skip).Request("POST", "/", "my secret", [("content-type", "text/plain"), (name, value)]).RunAsync();

        Assert.Equal("my [redacted]", seen.Upstream.Body);
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public async Task Whoever_declares_raw_bytes_is_shown_them(string kind)
    {
        long shown = 0;
        Play play = Tunnel(
            Play.Through(() => new Scripted
            {
                Needs = needs => needs.RequestBody = BodyNeed.Stream() with { Reads = BodyTypes.RawBytes },
                RequestBody = (_, body, _) =>
                {
                    shown += body.Length;
                    return Verdict.Continue;
                },
            }),
            kind);

        Seen seen = await play.RunAsync();

        Assert.Equal((PlayOutcome.Passed, (long)Frames.Length), (seen.Outcome, shown));
    }

    [Fact]
    public async Task Whoever_declares_nothing_reads_http_bodies_of_every_type_and_no_tunnel()
    {
        Assert.Equal("MY", (await Play.Through(Scripted.UpperRequest).Request("POST", "/", "my", [("content-type", "application/octet-stream")]).RunAsync()).Upstream.Body);
        Assert.Equal("MY", (await Play.Through(Scripted.UpperRequest).Request("POST", "/", "my").RunAsync()).Upstream.Body);
        Assert.Equal(415, (await Tunnel(Play.Through(Scripted.UpperRequest), "websocket").RunAsync()).Client.Status);
    }

    private static Play Tunnel(Play play, string kind)
    {
        Play opened = kind switch
        {
            "websocket" => play.Request("GET", "/chat", "", Upgrade).Response(101, "", Upgrade),
            "connect" => play.Request("CONNECT", "", "").Response(200, ""),
            _ => play.Request("CONNECT", "/chat", "", [(":protocol", "connect-udp")]).Response(200, ""),
        };
        return opened.Body(Direction.Request, Frames).Body(Direction.Response, Frames).RespondingAfter(0);
    }
}
