using System.Globalization;
using System.Text.RegularExpressions;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>
/// An operation of an EnvoyPatchPolicy on the configuration of an HTTP filter in a listener. The filter is chosen by its name in a
/// JSONPath, or by its place in the list.
/// </summary>
/// <param name="Policy">The EnvoyPatchPolicy.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Listener">The name of Envoy's listener.</param>
/// <param name="FilterName">The name of the filter; null when it is chosen by place.</param>
/// <param name="FilterIndex">The place of the filter; null when it is chosen by name.</param>
/// <param name="Field">The way from the filter's configuration to the field, with slashes: <c>processing_mode/request_trailer_mode</c>.</param>
internal sealed partial record ListenerPatch(KubernetesObject Policy, KubernetesValue Operation, string Listener, string? FilterName, int? FilterIndex, string Field)
{
    /// <summary>The type of resource that it is for.</summary>
    public const string ListenerType = "type.googleapis.com/envoy.config.listener.v3.Listener";

    /// <summary><c>add</c>, <c>replace</c> and so on.</summary>
    public string Op => Operation.TextOf("op") ?? "";

    /// <summary>The value to write; null when there is none.</summary>
    public KubernetesValue? Value => Operation["value"];

    /// <summary>All that set or remove a field of a filter's configuration, in the order in which Envoy Gateway makes them.</summary>
    public static IEnumerable<ListenerPatch> All(PolicySet policies) =>
        from policy in policies.Objects
        where policy.IsA("gateway.envoyproxy.io", "EnvoyPatchPolicy")
        orderby KubernetesScalar.NumberOf(policy.Spec?.TextOf("priority") ?? "0")
        from patch in policy.Spec?.ItemsOf("jsonPatches") ?? []
        where patch.TextOf("type") == ListenerType && patch["operation"] is not null
        let read = Read(policy, patch["operation"]!, patch.TextOf("name") ?? "")
        where read is not null
        select read;

    /// <summary>Whether it is for the filter of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="listener">Envoy's listener; null when it is not known.</param>
    /// <param name="isOnly">Whether no other filter is known that could have the place.</param>
    public bool IsFor(PolicyEntry entry, string? listener, bool isOnly) =>
        (listener is null || listener == Listener) && (FilterName is not null ? FilterName == entry.FilterName : isOnly);

    private static ListenerPatch? Read(KubernetesObject policy, KubernetesValue operation, string listener)
    {
        string path = operation.TextOf("path") ?? "", jsonPath = operation.TextOf("jsonPath") ?? "";
        if (jsonPath.Length > 0)
        {
            Match named = ByName().Match(jsonPath);
            string rest = named.Groups["rest"].Value.Replace('.', '/') + "/" + path;
            return named.Success && Below(rest) is { } field ? new(policy, operation, listener, named.Groups["name"].Value, null, field) : null;
        }

        Match placed = ByPlace().Match(path);
        return placed.Success && Below(placed.Groups["rest"].Value) is { } placedField
            ? new(policy, operation, listener, null, int.Parse(placed.Groups["index"].ValueSpan, CultureInfo.InvariantCulture), placedField)
            : null;
    }

    private static string? Below(string rest)
    {
        string way = string.Join('/', rest.Split('/', StringSplitOptions.RemoveEmptyEntries));
        return way.StartsWith("typed_config/", StringComparison.Ordinal) ? way["typed_config/".Length..] : null;
    }

    [GeneratedRegex(@"http_filters\[\?\(?\s*@\.name\s*==\s*['""](?<name>[^'""]+)['""]\s*\)?\](?<rest>[\w.]*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex ByName();

    [GeneratedRegex(@"^/(default_filter_chain|filter_chains/[0-9]{1,4})/filters/[0-9]{1,4}/typed_config/http_filters/(?<index>[0-9]{1,4})(?<rest>/.*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex ByPlace();
}
