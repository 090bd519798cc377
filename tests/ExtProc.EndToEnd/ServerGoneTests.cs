using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>The server dies or is told to stop while a body is on its way. Each test has an Envoy and a server of its own.</summary>
public sealed class ServerGoneTests
{
    private static readonly string[] SignsOfDeath = ["streams_failed", "failure_mode_allowed", "server_half_closed"];

    /// <summary>What the client sees when the server dies after the first chunk. Fail-open helps only where the server holds no bytes.</summary>
    public static TheoryData<string, BodyMode, bool, bool> Deaths
    {
        get
        {
            var data = new TheoryData<string, BodyMode, bool, bool>();
            foreach (string version in Versions.Tested)
            {
                data.Add(version, BodyMode.FullDuplexStreamed, false, false);
                data.Add(version, BodyMode.FullDuplexStreamed, true, false);
                data.Add(version, BodyMode.Streamed, false, false);
                data.Add(version, BodyMode.Streamed, true, true);
            }

            return data;
        }
    }

    public static TheoryData<string, BodyMode> Modes => Cases.With<BodyMode>([BodyMode.Streamed, BodyMode.FullDuplexStreamed]);

    [Theory]
    [MemberData(nameof(Deaths))]
    public Task A_server_killed_in_the_middle_of_a_body_never_makes_a_hole(string version, BodyMode mode, bool failureModeAllow, bool bodyArrives) =>
        InLabOfItsOwnAsync(version, mode, failureModeAllow, async visit =>
        {
            string testId = Visit.NextTestId();
            var exchange = await BeginAsync(visit, testId);
            await visit.Server.KillAsync();
            var answer = await FinishAsync(exchange, visit);

            var seen = await visit.Upstream.SeenAsync(testId, visit.Cancel);
            await seen.Ended.WaitAsync(visit.Cancel);
            visit.Note($"client: {answer}\nupstream: {seen}");
            Assert.Equal(bodyArrives, answer.CutShort is null);
            Assert.Equal(bodyArrives, seen.Complete);
            Assert.StartsWith(seen.Text, "aaabbbccc", StringComparison.Ordinal);

            // Later exchanges find no server at all. They have no body, for with one fail-open does not help in full duplex either.
            var later = await visit.SendAsync(ClientProtocol.Http1, UpstreamProtocol.Http1, Call.Get("/text?say=later"));
            Assert.Equal(failureModeAllow ? (200, "later") : (500, ""), (later.Answer.Status, later.Answer.Text));
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_server_told_to_stop_finishes_what_is_in_flight(string version, BodyMode mode) =>
        InLabOfItsOwnAsync(version, mode, failureModeAllow: false, async visit =>
        {
            var exchange = await BeginAsync(visit, Visit.NextTestId());
            visit.Server.Terminate();
            await exchange.WriteAsync("bbb"u8.ToArray(), visit.Cancel);
            Check.Same("bbb"u8.ToArray(), await exchange.ReadAsync(visit.Cancel) ?? []);
            Assert.False(visit.Server.HasExited, "the server ended with an exchange in flight");
            await exchange.WriteLastAsync("ccc"u8.ToArray(), visit.Cancel);
            Check.Same("ccc"u8.ToArray(), await exchange.ReadAsync(visit.Cancel) ?? []);
            Assert.Null(await exchange.ReadAsync(visit.Cancel));
            Assert.True(await visit.Server.StopAsync(TimeSpan.FromSeconds(30)), "the server did not end after its last exchange");
            Assert.Equal(0, visit.Server.ExitCode);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_server_that_comes_back_is_used_again(string version, BodyMode mode) =>
        InLabOfItsOwnAsync(version, mode, failureModeAllow: false, async visit =>
        {
            Check.Ok("one", (await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http1, Call.Post("/echo", "one"u8.ToArray()))).Answer);
            await visit.Server.KillAsync();
            await using var next = await ExtProcServerProcess.StartAsync(null, visit.Server.Port, cancel: visit.Cancel);
            Check.Ok("two", (await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http1, Call.Post("/echo", "two"u8.ToArray()))).Answer);
        });

    private static async Task InLabOfItsOwnAsync(string version, BodyMode mode, bool failureModeAllow, Func<Visit, Task> test)
    {
        var scene = new Scene("dying", EnvoyProcessingMode.Both(mode))
        {
            Filter = filter => filter with { FailureModeAllow = failureModeAllow },
        };
        var lab = new EnvoyLab([scene]);
        await lab.InitializeAsync();
        try
        {
            await LabTests.VisitAsync(lab, version, scene, test, SignsOfDeath);
        }
        finally
        {
            await lab.DisposeAsync();
        }
    }

    /// <summary>An exchange of which the first chunk has gone round.</summary>
    private static async Task<ClientExchange> BeginAsync(Visit visit, string testId)
    {
        var exchange = await visit.OpenAsync(ClientProtocol.Http2);
        await exchange.SendHeadAsync(Call.Post("/echo").HeadFor(Topology.AuthorityOf(UpstreamProtocol.Http2), testId), visit.Cancel);
        await exchange.WriteAsync("aaa"u8.ToArray(), visit.Cancel);
        Assert.Equal(200, (await exchange.ReadHeadAsync(visit.Cancel)).Status);
        Check.Same("aaa"u8.ToArray(), await exchange.ReadAsync(visit.Cancel) ?? []);
        return exchange;
    }

    private static async Task<(string Text, string? CutShort)> FinishAsync(ClientExchange exchange, Visit visit)
    {
        string text = "aaa";
        try
        {
            await exchange.WriteAsync("bbb"u8.ToArray(), visit.Cancel);
            await exchange.WriteLastAsync("ccc"u8.ToArray(), visit.Cancel);
            while (await exchange.ReadAsync(visit.Cancel) is { } piece)
            {
                text += System.Text.Encoding.UTF8.GetString(piece);
            }

            return (text, null);
        }
        catch (CutShortException e)
        {
            return (text, e.Message);
        }
    }
}
