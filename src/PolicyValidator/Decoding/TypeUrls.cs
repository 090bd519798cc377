namespace PolicyValidator.Decoding;

/// <summary>The type names that the validator looks for.</summary>
internal static class TypeUrls
{
    public const string Filter = "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor";
    public const string PerRoute = "envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute";
    public const string FilterConfig = "envoy.config.route.v3.FilterConfig";
    public const string Router = "envoy.extensions.filters.http.router.v3.Router";
    public const string UpstreamCodec = "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec";
    public const string MatchingFilter = "envoy.extensions.common.matching.v3.ExtensionWithMatcher";
    public const string ModifierType = "envoy.extensions.http.ext_proc.processing_request_modifiers.mapped_attribute_builder.v3.MappedAttributeBuilder";
    public const string ResponseProcessorType = "envoy.extensions.http.ext_proc.response_processors.save_processing_response.v3.SaveProcessingResponse";

    private static readonly string[] Words = ["ext_proc", "extproc", "ext-proc", "ExternalProcess", "processing_mode", "processingMode", "grpc_service", "EnvoyExtensionPolicy", "EnvoyPatchPolicy", "TrafficExtension", "RoutingExtension"];

    private static readonly string[] Owners = ["envoy.", "google.protobuf.", "xds.", "udpa."];

    /// <summary>Both TypedStructs, the old and the new.</summary>
    public static bool IsTypedStruct(string typeName) => typeName is "xds.type.v3.TypedStruct" or "udpa.type.v1.TypedStruct";

    /// <summary>Whether a filter's name or a type's name speaks of ext_proc.</summary>
    public static bool SpeaksOfExtProc(string name) =>
        name.Contains("ext_proc", StringComparison.OrdinalIgnoreCase) || name.Contains("ExternalProcessor", StringComparison.Ordinal) || name.Contains("ExtProc", StringComparison.Ordinal);

    /// <summary>Whether a text may be about ext_proc, in the words of any product: one that is not can be left alone when it cannot be read.</summary>
    public static bool IsSpokenOfIn(ReadOnlySpan<char> text)
    {
        foreach (string word in Words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the official binary would have the type if it existed. Other extensions are not judged: a type of somebody's own build is
    /// left alone.
    /// </summary>
    public static bool IsEnvoysOwn(string typeName) =>
        SpeaksOfExtProc(typeName) || Owners.Any(owner => typeName.StartsWith(owner, StringComparison.Ordinal));

    /// <summary>What to write instead of a type that does not exist.</summary>
    public static string Advice(string typeName) => typeName switch
    {
        _ when typeName.EndsWith("PerRoute", StringComparison.Ordinal) && SpeaksOfExtProc(typeName) => $"write type.googleapis.com/{PerRoute}",
        _ when SpeaksOfExtProc(typeName) => $"write type.googleapis.com/{Filter}",
        _ => "check the name of the type and the release that brought it",
    };
}
