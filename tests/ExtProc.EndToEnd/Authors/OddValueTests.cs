using System.Text.Json.Nodes;
using Envoy.Runner;
using ExtProc.Abilities;
using ExtProc.Configuration;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.Pipeline;
using ExtProc.Testing;

namespace ExtProc.EndToEnd.Authors;

/// <summary>Values of pseudo headers that nobody should set: what a real Envoy makes of them, and that the test host makes the same.</summary>
public sealed class OddValueTests(OddValueLabs labs) : IClassFixture<OddValueLabs>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly (string Name, string[] Values)[] Odd =
    [
        (":status", ["", "0", "99", "100", "101", "103", "199", "200", "204", "0204", "+204", " 204", "204 ", "-204", "2e2", "0xCC", "20 4", "abc", "599", "600", "999", "4294967296"]),
        (":path", ["", "x", "*", "?q", "//", "/%zz", "http://other.test/p"]),
        (":method", ["get", "FOO"]),
        (":authority", ["other.test", "other.test:99999", "a b", "a|b", "a/b", "a\"b", "a\\b", "{a}"]),
        ("host", ["other.test", "a b", "a|b", "a/b"]),
    ];

    public static TheoryData<string, string, string> Each
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var (version, name, value) in from version in Versions.Tested from odd in Odd from value in odd.Values select (version, odd.Name, value))
            {
                data.Add(version, name, value);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task The_test_host_does_with_an_odd_value_what_Envoy_does(string version, string name, string value)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var lab = await labs.On(version);
        var story = new Story { Method = "GET", RequestHeaders = [(OddSetter.NameHeader, name), (OddSetter.ValueHeader, $"[{value}]")] };
        Seen played = await story.Through(OddValueLabs.Scene.Pipeline).In(OddValueLabs.Scene.Envoy.ProcessingMode!).Envoy(_ => OddValueLabs.Scene.Envoy).RunAsync();

        var (sight, testId) = await StoryTeller.TellAsync(lab, OddValueLabs.Scene.Name, story, ClientProtocol.Http1, UpstreamProtocol.Http1, deadline.Token);

        Assert.Equal(Sight.Of(played), sight);
        Assert.Equal("yes", played.Client["x-rest"]);
        if (name is ":authority" or "host")
        {
            var seen = await lab.Upstream.SeenAsync(testId, deadline.Token);
            Assert.Equal(seen.Headers["host"] == value, (played.Upstream["host"] ?? played.Upstream[":authority"]) == value);
        }
    }
}

/// <summary>Sets the header that the request names, where that belongs, and another to see that the rest is applied.</summary>
internal sealed class OddSetter : Processor
{
    public const string NameHeader = "x-odd-name", ValueHeader = "x-odd-value";

    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        Set(exchange, exchange.RequestHeaders, isResponse: false);
        return Verdict.Continue;
    }

    public override ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        Set(exchange, exchange.ResponseHeaders, isResponse: true);
        exchange.ResponseHeaders.Set("x-rest", "yes");
        return Verdict.Continue;
    }

    private static void Set(Exchange exchange, HeaderMap headers, bool isResponse)
    {
        // A value that begins or ends with blanks survives the way here only in brackets.
        if (exchange.RequestHeaders[NameHeader] is { } name && (name == ":status") == isResponse)
        {
            headers.Set(name, exchange.RequestHeaders[ValueHeader]![1..^1]);
        }
    }
}

/// <summary>A lab a release with the one scene.</summary>
public sealed class OddValueLabs : IAsyncLifetime
{
    internal static readonly AuthorScene Scene = new(
        "odd-values",
        new PipelineDefinition("odd-values", [new(ProcessorKind.Of<OddSetter>("odd-setter", isShared: true))]),
        new EnvoyDeclaration { ProcessingMode = new(), MutationRules = MutationRules.Default with { AllowAllRouting = true } })
    {
        Filter = filter => filter with { MutationRules = new JsonObject { ["allow_all_routing"] = true } },
    };

    private readonly Dictionary<string, Lazy<Task<AuthorLab>>> labs = Versions.Tested.ToDictionary(version => version, version => new Lazy<Task<AuthorLab>>(() => AuthorLab.StartAsync(version, [Scene])));

    internal Task<AuthorLab> On(string version) => labs[version].Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var lab in labs.Values.Where(lab => lab.IsValueCreated))
        {
            await (await lab.Value).DisposeAsync();
        }
    }
}
