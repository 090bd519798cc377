using System.Text.Json.Nodes;
using Envoy.Runner;

namespace ExtProc.EndToEnd.Lab;

/// <summary>Every scene that tests share. A test that ends servers or Envoy makes a lab of its own instead.</summary>
internal static class Scenes
{
    /// <summary>The processor that does what a request header says.</summary>
    public const string InstructedServer = "pipeline: [{ name: instructed }]\n";

    /// <summary>The same, and able to hold back whole bodies.</summary>
    public const string HoldingServer = "pipeline: [{ name: instructed, holdBytes: 1048576 }]\n";

    /// <summary>The same, with little patience for a processor.</summary>
    public const string ImpatientServer = "pipeline: [{ name: instructed }]\nlimits: { handlerTimeout: 500ms }\n";

    /// <summary>A text that becomes shorter.</summary>
    public const string ShrinkingServer = "pipeline: [{ name: replace, text: confidential, by: \"*\" }]\n";

    /// <summary>A text that becomes longer.</summary>
    public const string GrowingServer = "pipeline: [{ name: replace, text: secret, by: \"[this was removed]\" }]\n";

    /// <summary>Header changes of every kind, in both directions.</summary>
    public const string HeadersServer = """
        pipeline:
          - name: headers
            request: { set: { x-set: one, x-overwritten: new }, append: { x-appended: two }, remove: [x-removed] }
            response: { set: { x-set: three }, append: { x-appended: four }, remove: [content-type] }

        """;

    /// <summary>A processor that needs bodies where Envoy sends none unless it is asked to.</summary>
    public const string OverridingServer = """
        pipeline: [{ name: replace, text: secret, by: "[this was removed]" }]
        envoy:
          allowModeOverride: true
          trustModeOverride: true
          processingMode: { requestHeaderMode: SEND, responseHeaderMode: SEND }

        """;

    /// <summary>The same in requests, on the word of an operator who is wrong.</summary>
    public const string DeceivedServer = """
        pipeline: [{ name: replace, text: secret, by: "******", in: request }]
        envoy: { allowModeOverride: true }

        """;

    /// <summary>What is shown of a body is searched, and the rest let by.</summary>
    public const string PartialServer = "pipeline: [{ name: replace, text: secret, by: \"[this was removed]\", partial: pass }]\n";

    /// <summary>A server that may let little wait.</summary>
    public static readonly IReadOnlyList<int> BudgetsInMiB = [128, 512];

    public static readonly IReadOnlyList<BodyMode> BodyModes = Enum.GetValues<BodyMode>();

    private static readonly Dictionary<string, Scene> ByName = Catalogue().ToDictionary(scene => scene.Name);

    public static IReadOnlyCollection<Scene> All => ByName.Values;

    /// <summary>A server that changes nothing behind these body modes, headers and trailers sent.</summary>
    public static Scene PassThrough(BodyMode request, BodyMode response) => ByName[$"pass-{request}-{response}"];

    public static Scene PassThrough(BodyMode both) => PassThrough(both, both);

    public static Scene Instructed(BodyMode mode) => ByName[$"instructed-{mode}"];

    public static Scene Holding(BodyMode mode) => ByName[$"holding-{mode}"];

    public static Scene Impatient(BodyMode mode) => ByName[$"impatient-{mode}"];

    public static Scene Shrinking(BodyMode mode) => ByName[$"shrinking-{mode}"];

    public static Scene Growing(BodyMode mode) => ByName[$"growing-{mode}"];

    /// <summary>A redactor that refuses what it cannot read; tunnels are possible.</summary>
    public static Scene Redacting(BodyMode mode) => ByName[$"redacting-{mode}"];

    /// <summary>The same, and what it cannot read passes.</summary>
    public static Scene Leaving(BodyMode mode) => ByName[$"leaving-{mode}"];

    public static Scene Headers(BodyMode mode) => ByName[$"headers-{mode}"];

    /// <summary>Any other scene.</summary>
    public static Scene Named(string name) => ByName[name];

    private static IEnumerable<Scene> Catalogue() =>
    [
        .. from request in BodyModes
           from response in BodyModes
           select new Scene($"pass-{request}-{response}", EnvoyProcessingMode.Of(request, response)) { Listener = WithUpgrades },
        .. Each("instructed", Cases.Shown, InstructedServer),
        .. Each("holding", Cases.Shown, HoldingServer),
        .. Each("impatient", Cases.Shown, ImpatientServer),
        .. Each("shrinking", Cases.Shown, ShrinkingServer),
        .. Each("growing", Cases.Shown, GrowingServer),
        .. Each("redacting", Cases.Shown, RedactingServer("fail")).Select(scene => scene with { Listener = WithUpgrades }),
        .. Each("leaving", Cases.Shown, RedactingServer("skip")).Select(scene => scene with { Listener = WithUpgrades }),
        .. Each("headers", BodyModes, HeadersServer),
        .. Special(),
    ];

    private static IEnumerable<Scene> Each(string name, IEnumerable<BodyMode> modes, string server) =>
        modes.Select(mode => new Scene($"{name}-{mode}", EnvoyProcessingMode.Both(mode)) { ServerConfig = server });

    /// <summary>A redactor, and whether what it cannot read is refused (<c>fail</c>) or passes (<c>skip</c>).</summary>
    /// <param name="onError">What becomes of what it cannot read.</param>
    /// <param name="in">Which bodies it is for.</param>
    private static string RedactingServer(string onError, string @in = "both") =>
        $"logExchanges: true\npipeline: [{{ name: replace, text: secret, by: \"[redacted]\", onError: {onError}, in: {@in} }}]\n";

    private static IEnumerable<Scene> Special() =>
    [
        new("unwaited", EnvoyProcessingMode.Both(BodyMode.Streamed))
        {
            Filter = filter => filter with { SendBodyWithoutWaitingForHeaderResponse = true },
        },
        new("observed", EnvoyProcessingMode.Both(BodyMode.Streamed))
        {
            Filter = filter => filter with { ObservabilityMode = true },
        },
        new("trailers-skipped", EnvoyProcessingMode.Both(BodyMode.Streamed) with { RequestTrailers = SendMode.Skip, ResponseTrailers = SendMode.Skip }),
        new("headers-skipped", EnvoyProcessingMode.Both(BodyMode.FullDuplexStreamed) with { RequestHeaders = SendMode.Skip, ResponseHeaders = SendMode.Skip }),
        new("response-only", EnvoyProcessingMode.Of(BodyMode.None, BodyMode.FullDuplexStreamed) with { RequestHeaders = SendMode.Skip, RequestTrailers = SendMode.Skip }),
        .. BodyModes.Select(mode => new Scene($"denied-{mode}", EnvoyProcessingMode.Both(mode))
        {
            Listener = listener => listener with { FiltersAbove = [DenyEverything()] },
        }),
        new("override", new EnvoyProcessingMode { RequestHeaders = SendMode.Send, ResponseHeaders = SendMode.Send })
        {
            ServerConfig = OverridingServer,
            Filter = filter => filter with { AllowModeOverride = true },
        },
        new("partial-passes", EnvoyProcessingMode.Both(BodyMode.BufferedPartial)) { ServerConfig = PartialServer },
        .. ((SendMode[])[SendMode.Send, SendMode.Skip]).Select(responseHeaders => new Scene($"deceived-{responseHeaders}", new EnvoyProcessingMode { ResponseHeaders = responseHeaders }) { ServerConfig = DeceivedServer }),
        .. RedactingScenes.All,
        .. BudgetsInMiB.Select(budget => new Scene($"budget-{budget}MiB", EnvoyProcessingMode.Both(BodyMode.FullDuplexStreamed))
        {
            ServerConfig = $"transport: {{ memoryBudgetBytes: {budget}MiB }}\n",
        }),
        new("redacting-requests", EnvoyProcessingMode.Both(BodyMode.FullDuplexStreamed)) { ServerConfig = RedactingServer("fail", "request"), Listener = WithUpgrades },
        new("redacting-responses", EnvoyProcessingMode.Both(BodyMode.FullDuplexStreamed)) { ServerConfig = RedactingServer("fail", "response"), Listener = WithUpgrades },
        new("continue-by-upstream", EnvoyProcessingMode.Both(BodyMode.FullDuplexStreamed))
        {
            Listener = listener => listener with { Proxy100Continue = true },
        },
    ];

    private static JsonObject DenyEverything() => new()
    {
        ["name"] = "envoy.filters.http.rbac",
        ["typed_config"] = new JsonObject
        {
            ["@type"] = "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
            ["rules"] = new JsonObject { ["action"] = "ALLOW" },
        },
    };

    private static EnvoyListener WithUpgrades(EnvoyListener listener) => listener with { Upgrades = ["websocket", "CONNECT"] };
}
