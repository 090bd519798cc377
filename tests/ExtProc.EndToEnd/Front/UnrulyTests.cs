using System.Collections.Concurrent;
using System.Collections.Immutable;
using Envoy.Runner;
using ExtProc.Abilities;
using ExtProc.EndToEnd.Authors;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using Part = Envoy.Service.ExtProc.V3.ProcessingRequest.RequestOneofCase;

namespace ExtProc.EndToEnd.Front;

/// <summary>The front and a real Envoy take what a server does wrong in the same way.</summary>
public sealed class UnrulyTests
{
    private const int Tries = 4;
    private const int AtOnce = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);
    private static readonly BodySendMode[] Modes = [BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed];

    private static readonly Part[] Parts = [Part.RequestHeaders, Part.RequestBody, Part.RequestTrailers, Part.ResponseHeaders, Part.ResponseBody, Part.ResponseTrailers];

    [Theory]
    [MemberData(nameof(Surviving))]
    public async Task What_a_server_does_wrong_comes_to_the_same(string version)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await using var server = await UnrulyServer.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync();
        await using var envoy = await EnvoyProcess.StartAsync(EnvoyBinary.Find(version), ConfigOf(server, upstream), deadline.Token);
        var differences = new ConcurrentQueue<string>();
        int compared = 0;
        foreach (BodySendMode mode in Modes.Where(mode => Survives(version, mode)))
        {
            await using var front = await FrontHost.StartAsync(options => Configure(options, server, mode, version), upstream.AnswerAsync);
            var cases = from mischief in Enum.GetValues<Mischief>() from at in Parts where IsComparable(mischief, at, mode) select (mischief, at, seed: compared++);
            await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = deadline.Token }, async (one, cancel) =>
            {
                Story story = StoryOf(one.mischief, one.at, one.seed);
                Func<int, Func<Task<string>>> through = port => async () => (await StoryTeller.TellAsync(port, upstream, "any.test", story, ClientProtocol.Http2, cancel)).Sight;
                if (await DifferenceAsync(through(envoy.PortOf($"{mode}")), through(front.PortOf(ClientProtocol.Http2))) is { } difference)
                {
                    differences.Enqueue($"{one.mischief} to {one.at} in {mode}:\n{difference}");
                }
            });
        }

        Assert.True(differences.IsEmpty, $"{differences.Count} of {compared} differ, such as\n{string.Join("\n\n", differences.Take(40))}");
    }

    /// <summary>Releases that survive a server that breaks the rules: 1.37.0 does not always.</summary>
    public static TheoryData<string> Surviving => [.. Versions.Tested.Where(version => !Versions.IsBetween(version, "1.37", "1.37"))];

    /// <summary>1.36.4 does not always survive one that does so in full duplex.</summary>
    private static bool Survives(string version, BodySendMode mode) => mode is not BodySendMode.FullDuplexStreamed || Versions.IsAtLeast(version, "1.38");

    /// <summary>What comes of it can be a matter of time, in Envoy too: they agree when one has shown what the other did.</summary>
    private static async Task<string?> DifferenceAsync(Func<Task<string>> atEnvoy, Func<Task<string>> atFront)
    {
        ImmutableHashSet<string> shownByEnvoy = [], shownByFront = [];
        for (int at = 0; at < Tries; at++)
        {
            shownByEnvoy = shownByEnvoy.Add(await atEnvoy());
            shownByFront = shownByFront.Add(await atFront());
            if (shownByEnvoy.Overlaps(shownByFront))
            {
                return null;
            }
        }

        return $"--- the front shows\n{string.Join("or\n", shownByFront)}--- Envoy shows\n{string.Join("or\n", shownByEnvoy)}";
    }

    /// <summary>
    /// What the next connection makes of a length that is not the body's own is not the filter's doing, and what an override that comes
    /// with a body does is a matter of how the body was cut; whether the upstream has the whole of a replaced body before the exchange fails is
    /// a matter of time.
    /// </summary>
    private static bool IsComparable(Mischief mischief, Part at, BodySendMode mode) => mischief switch
    {
        Mischief.SetContentLength => at is Part.RequestBody or Part.ResponseBody,
        Mischief.OverrideModes => at is Part.RequestHeaders or Part.ResponseHeaders,
        Mischief.Replace or Mischief.ReplaceInParts => mode is not BodySendMode.FullDuplexStreamed || at is not Part.RequestHeaders,
        _ => true,
    };

    private static Story StoryOf(Mischief mischief, Part at, int seed)
    {
        var random = new Random(seed);
        bool hasRequestTrailers = random.Next(2) == 0, hasResponseTrailers = random.Next(2) == 0;
        return new Story
        {
            RequestHeaders = [UnrulyPlan.HeaderOf(mischief, at), ("x-a", "1")],
            Request = Story.Text("aaabbb"),
            RequestTrailers = hasRequestTrailers ? [("x-reqt", "1")] : [],
            RequestIsCounted = !hasRequestTrailers && random.Next(2) == 0,
            ResponseHeaders = [("x-a", "1")],
            Response = Story.Text("cccddd"),
            ResponseTrailers = hasResponseTrailers ? [("x-rest", "1")] : [],
            ResponseIsCounted = !hasResponseTrailers && random.Next(2) == 0,
        };
    }

    private static void Configure(ExtProc.Front.ExtProcFilterOptions options, UnrulyServer server, BodySendMode mode, string version)
    {
        options.GrpcService = new Uri($"http://127.0.0.1:{server.Port}");
        options.ProcessingMode = new()
        {
            RequestBodyMode = mode, ResponseBodyMode = mode,
            RequestTrailerMode = HeaderSendMode.Send, ResponseTrailerMode = HeaderSendMode.Send,
        };
        options.MessageTimeout = options.MaxMessageTimeout = TimeSpan.FromSeconds(3);
        options.StreamIdleTimeout = TimeSpan.FromSeconds(1);
        options.AllowModeOverride = true;
        options.EnvoyVersion = Version.Parse(version);
    }

    private static EnvoyConfig ConfigOf(UnrulyServer server, UpstreamServer upstream) => new()
    {
        Listeners =
        [
            .. Modes.Select(mode => new EnvoyListener($"{mode}")
            {
                Filters =
                [
                    new ExtProcFilter("unruly", EnvoyProcessingMode.Both((BodyMode)mode))
                    {
                        AllowModeOverride = true, MessageTimeout = TimeSpan.FromSeconds(3), MaxMessageTimeout = TimeSpan.FromSeconds(3),
                    },
                ],
                Routes = [new EnvoyRoute("*", "upstream")],
                StreamIdleTimeout = TimeSpan.FromSeconds(1),
            }),
        ],
        Clusters = [new EnvoyCluster("unruly", server.Port, UpstreamProtocol.Http2), new EnvoyCluster("upstream", upstream.Http2Port, UpstreamProtocol.Http2)],
    };
}
