using PolicyValidator.Rules;

namespace PolicyValidator.Cli;

/// <summary>A sentence of Envoy's, and the rules that say the same in other words.</summary>
/// <param name="Words">What tells the sentence.</param>
/// <param name="Rules">The rules.</param>
internal sealed record EnvoySentence(string Words, params string[] Rules)
{
    /// <summary>A word that must stand in our message too; null where the rule says enough.</summary>
    private string? Also { get; init; }

    /// <summary>Whether it ends in a type that our message must name too.</summary>
    private bool NamesType { get; init; }

    /// <summary>All that are known, in the releases that are known.</summary>
    public static IReadOnlyList<EnvoySentence> All { get; } =
    [
        new("yaml-cpp", "EP020"),
        new("has the request_body_mode set to FULL_DUPLEX_STREAMED", "EP001") { Also = "request_body_mode" },
        new("has the response_body_mode set to FULL_DUPLEX_STREAMED", "EP001") { Also = "response_body_mode" },
        new("One and only one of grpc_service or http_service", "EP002"),
        new("disable_clear_route_cache and route_cache_action", "EP003"),
        new("configured with http_service instead of gRPC service", "EP004"),
        new("failure_mode_allow", "EP005"),
        new("descriptor expression", "EP006"),
        new("create an expression", "EP006"),
        new("with type URL: ''", "EP016"),
        new("Didn't find a registered implementation", "EP008", "EP015", "EP016", "EP017", "EP018") { NamesType = true },
        new("could not find @type", "EP026"),
        new("@type must contain", "EP026"),
        new("missing @type", "EP022"),
        new("Unable to unpack as", "EP015"),
        new("non-terminal filter", "EP012"),
        new("terminal filter", "EP013"),
        new("(terminal) filter", "EP013"),
        new("route: unknown cluster", "EP019"),
        new("per filter configuration for", "EP010"),
        new("(field: \"override\"", "EP010"),
        new("Couldn't find valid command", "EP009"),
        new("Formatter not found", "EP009"),
        new("Not supported field in StreamInfo", "EP009"),
        new("nvalid duration", "EP024"),
        new("filter config has type URL", "EP017"),
        new("applied without warming", "EP017"),
        new("ignore_case has no effect", "EP018"),
        new("RE2 program size", "EP007"),
        new("invalid regular expression", "EP007"),
        new("repetition operator", "EP007"),
        new("invalid repetition size", "EP007"),
        new("invalid perl operator", "EP007"),
        new("invalid escape sequence", "EP007"),
        new("invalid character class", "EP007"),
        new("missing ): ", "EP007"),
        new("missing ]: ", "EP007"),
        new("unexpected ): ", "EP007"),
    ];

    /// <summary>Whether an error of ours says the same as a text with these words.</summary>
    public bool Says(string text, Finding error) => Rules.Contains(error.Rule.Id)
        && (Also is null || error.Message.Contains(Also, StringComparison.Ordinal))
        && (!NamesType || error.Message.Contains(TypeIn(text), StringComparison.Ordinal));

    /// <summary>The name without its package of the type that the text quotes.</summary>
    private static string TypeIn(string text) => text.Split("type URL: '", 2) is [_, var rest] ? rest.Split('\'')[0].Split('.')[^1] : "";
}
