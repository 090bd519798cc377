using System.Text.RegularExpressions;
using PolicyValidator.Inputs.YamlCpp;

namespace PolicyValidator.Inputs;

/// <summary>Tells whose file a text is, and reads its documents as that reader does.</summary>
internal static partial class DocumentReader
{
    private const int FirstMinorWithYamlCpp09 = 38;

    /// <summary>
    /// Reads by the name's ending, as Envoy does; without one, text that begins like JSON is JSON. YAML is for the tools of Kubernetes where
    /// objects stand in it, else for Envoy.
    /// </summary>
    /// <param name="source">The text.</param>
    /// <param name="envoyMinor">The release 1.n of the Envoy that may read it; the newest when nothing is known.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static IReadOnlyList<SourceDocument> Read(SourceText source, int envoyMinor = int.MaxValue, CancellationToken cancellation = default) =>
        [.. (IsJson(source) ? [JsonDocument.Read(source, cancellation)] : ReadYaml(source, envoyMinor, cancellation)).Select(document => document with { EnvoyMinor = envoyMinor })];

    /// <summary>Reads a text that is YAML whatever it begins with.</summary>
    /// <param name="source">The text.</param>
    /// <param name="envoyMinor">As for <see cref="Read"/>.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static IReadOnlyList<SourceDocument> ReadYaml(SourceText source, int envoyMinor, CancellationToken cancellation) =>
        IsOfKubernetes(source.Text) ? KubernetesYaml.Read(source, cancellation)
        : EnvoyYaml.Read(source, envoyMinor >= FirstMinorWithYamlCpp09 ? YamlCppRelease.V09 : YamlCppRelease.V08, cancellation);

    /// <summary>Reads a file that this project's own programs read: settings, or the server's configuration.</summary>
    public static IReadOnlyList<SourceDocument> ReadOwn(SourceText source, CancellationToken cancellation = default) =>
        IsJson(source) ? [JsonDocument.Read(source, cancellation)] : YamlDocuments.Read(source, cancellation);

    private static bool IsJson(SourceText source) => Path.GetExtension(source.Name) switch
    {
        ".json" => true,
        ".yaml" or ".yml" => false,
        _ => source.Text.AsSpan().TrimStart() is ['{' or '[', ..],
    };

    private static bool IsOfKubernetes(string text) => ApiVersion().IsMatch(text) && Kind().IsMatch(text);

    [GeneratedRegex(@"^\ufeff?[{\s]?[ \t]*[""']?apiVersion[""']?[ \t]*:", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex ApiVersion();

    [GeneratedRegex(@"(^|[{,])[ \t]*[""']?kind[""']?[ \t]*:", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Kind();
}
