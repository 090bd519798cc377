using Envoy.Runner;

namespace ExtProc.EndToEnd.Lab;

/// <summary>A sample of filters before a redactor that must not fail, and of what the redactor's server was told of them, right or wrong.</summary>
internal static class RedactingScenes
{
    private const string Pipeline = "pipeline: [{ name: replace, text: secret, by: \"[redacted]\", untyped: text }]\n";

    private static readonly (string Name, string Declared)[] Declarations =
    [
        ("unsaid", ""),
        ("overridable", "envoy: { allowModeOverride: true }\n"),
        ("overridable-1.40", "envoy: { allowModeOverride: true, version: 1.40 }\n"),
    ];

    public static readonly IReadOnlyList<Scene> All =
    [
        .. from body in Enum.GetValues<BodyMode>()
           from headers in new (SendMode Request, SendMode Response)[] { (SendMode.Send, SendMode.Send), (SendMode.Send, SendMode.Skip), (SendMode.Skip, SendMode.Skip) }
           where body is not BodyMode.None || headers.Request is SendMode.Send // Envoy would never call
           from declaration in Declarations
           from allows in new[] { true, false }
           where declaration.Declared.Length > 0 ? body is BodyMode.None or BodyMode.Streamed : allows
           select new Scene(
               $"redact-{body}-{headers.Request}-{headers.Response}-{declaration.Name}-{(allows ? "allowed" : "forbidden")}",
               EnvoyProcessingMode.Both(body) with { RequestHeaders = headers.Request, ResponseHeaders = headers.Response })
           {
               ServerConfig = Pipeline + declaration.Declared,
               Filter = filter => filter with { AllowModeOverride = allows },
           },
    ];

    /// <summary>Envoy sends no body, or in pieces whose end may not be seen, until it is asked to do better, and the asking proves itself from 1.40.</summary>
    public static IEnumerable<Scene> Asking =>
        All.Where(one => one.Name is "redact-None-Send-Send-overridable-1.40-allowed" or "redact-Streamed-Send-Send-overridable-1.40-allowed");
}
