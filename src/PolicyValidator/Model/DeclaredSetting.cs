using System.Globalization;
using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>A setting in the <c>envoy:</c> section of an <c>extproc.yaml</c> that says what a field of the filter is.</summary>
/// <param name="Path">The setting, below <c>envoy</c>.</param>
/// <param name="Field">The field of <c>ExternalProcessor</c>.</param>
/// <param name="Kind">How both are written.</param>
internal sealed record DeclaredSetting(string Path, string Field, DeclaredKind Kind)
{
    /// <summary>All of them; a test compares them with the server's settings.</summary>
    public static IReadOnlyList<DeclaredSetting> All { get; } =
    [
        .. from direction in Direction.Both
           from field in new[] { direction.HeaderMode, direction.BodyMode, direction.TrailerMode }
           select new DeclaredSetting($"processingMode.{Camel(field)}", $"processing_mode.{field}", DeclaredKind.Mode),
        new("allowModeOverride", "allow_mode_override", DeclaredKind.Flag),
        new("failureModeAllow", "failure_mode_allow", DeclaredKind.Flag),
        new("observabilityMode", "observability_mode", DeclaredKind.Flag),
        new("sendBodyWithoutWaitingForHeaderResponse", "send_body_without_waiting_for_header_response", DeclaredKind.Flag),
        new("disableImmediateResponse", "disable_immediate_response", DeclaredKind.Flag),
        new("allowContentLengthHeader", "allow_content_length_header", DeclaredKind.Flag),
        new("mutationRules.allowAllRouting", "mutation_rules.allow_all_routing", DeclaredKind.Flag),
        new("mutationRules.allowEnvoy", "mutation_rules.allow_envoy", DeclaredKind.Flag),
        new("mutationRules.disallowSystem", "mutation_rules.disallow_system", DeclaredKind.Flag),
        new("mutationRules.disallowAll", "mutation_rules.disallow_all", DeclaredKind.Flag),
        new("mutationRules.disallowIsError", "mutation_rules.disallow_is_error", DeclaredKind.Flag),
        new("routeCacheAction", "route_cache_action", DeclaredKind.Name),
        new("messageTimeout", "message_timeout", DeclaredKind.Duration),
        new("maxMessageTimeout", "max_message_timeout", DeclaredKind.Duration),
        new("requestAttributes", "request_attributes", DeclaredKind.Names),
        new("responseAttributes", "response_attributes", DeclaredKind.Names),
        new("forwardingNamespaces", "metadata_options.forwarding_namespaces.untyped", DeclaredKind.Names),
        new("receivingNamespaces", "metadata_options.receiving_namespaces.untyped", DeclaredKind.Names),
    ];

    /// <summary>What the server was told; null when it was not, or cannot be read.</summary>
    public string? Declared(ServerConfig server) => server.At($"envoy.{Path}") is { } node && node.IsSet
        ? Kind switch
        {
            DeclaredKind.Flag => node.Text?.ToLowerInvariant(),
            DeclaredKind.Duration => ServerDuration.SecondsOf(node.Text ?? "") is { } seconds ? Seconds(seconds) : null,
            DeclaredKind.Names => null,
            DeclaredKind.Mode => Meant(node.Text?.ToUpperInvariant()),
            _ => node.Text?.ToUpperInvariant(),
        }
        : null;

    /// <summary>What the filter says, its default included.</summary>
    public (string Value, Place Place, bool IsSet) Real(ConfigMessage filter) => Kind switch
    {
        DeclaredKind.Flag => Of(filter.Bool(Field), flag => flag ? "true" : "false"),
        DeclaredKind.Duration => Of(filter.Duration(Field), duration => Seconds(duration?.TotalSeconds ?? (Field == "message_timeout" ? 0.2m : 0))),
        DeclaredKind.Mode => Of(filter.Enum(Field), mode => Meant(mode)!),
        DeclaredKind.Name => Of(filter.Enum(Field), name => name),
        _ => throw new InvalidOperationException($"{Field} is a list"),
    };

    /// <summary>The names that the server counts on and the filter does not send.</summary>
    public IEnumerable<Node> NotSent(ServerConfig server, ConfigMessage filter)
    {
        HashSet<string> sent = [.. filter.Strings(Field).Select(each => each.Value)];
        return Kind == DeclaredKind.Names && server.At($"envoy.{Path}") is SequenceNode names ? names.Items.Where(name => name.Text is { } text && !sent.Contains(text)) : [];
    }

    private static (string, Place, bool) Of<T>(Located<T> value, Func<T, string> written) => (written(value.Value), value.Place, value.IsSet);

    /// <summary>DEFAULT stands for what it means in the field.</summary>
    private string? Meant(string? mode) => mode != "DEFAULT" ? mode : Field.EndsWith("trailer_mode", StringComparison.Ordinal) ? "SKIP" : "SEND";

    private static string Seconds(decimal seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#########}s");

    private static string Camel(string field) =>
        string.Concat(field.Split('_').Select((word, at) => at == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}

/// <summary>How a declared setting is written.</summary>
internal enum DeclaredKind
{
    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A header, body or trailer mode.</summary>
    Mode,

    /// <summary>Another enum.</summary>
    Name,

    /// <summary>A duration.</summary>
    Duration,

    /// <summary>A list of names that the server counts on.</summary>
    Names,
}
