using PolicyValidator.Rules;

namespace PolicyValidator.Decoding;

/// <summary>The extensions of the official Envoy binaries, by the type of their configuration.</summary>
internal static class EnvoyExtensions
{
    private static readonly Lazy<ReleaseTable> Known = new(() => ReleaseTable.Load("EnvoyExtensions.txt", words: 2));

    /// <summary>An HTTP filter; its type or that of its per-route config.</summary>
    public static bool IsHttpFilter(string typeName, EnvoyVersion version) => Known.Value.Has($"envoy.filters.http {typeName}", version);

    /// <summary>An HTTP filter that can stand upstream of the router.</summary>
    public static bool IsUpstreamHttpFilter(string typeName, EnvoyVersion version) => Known.Value.Has($"envoy.filters.http.upstream {typeName}", version);

    /// <summary>A command for format strings.</summary>
    public static bool IsFormatter(string typeName, EnvoyVersion version) => Known.Value.Has($"envoy.formatter {typeName}", version);

    /// <summary>A custom string matcher.</summary>
    public static bool IsStringMatcher(string typeName, EnvoyVersion version) => Known.Value.Has($"envoy.string_matcher {typeName}", version);
}
