using PolicyValidator.Decoding;
using PolicyValidator.Expressions.JsonPath;

namespace PolicyValidator.Kubernetes;

/// <summary>An operation of an EnvoyPatchPolicy as it is written.</summary>
/// <param name="Policy">The EnvoyPatchPolicy.</param>
/// <param name="Type">The type URL of the resource that it changes.</param>
/// <param name="Name">The resource's name.</param>
/// <param name="Operation">The operation.</param>
internal sealed record WrittenPatch(KubernetesObject Policy, string Type, string Name, KubernetesValue Operation)
{
    /// <summary>The steps to what it changes; none where its path cannot be read.</summary>
    public IReadOnlyList<PathStep> Way { get; private init; } = [];

    /// <summary>The filters of a listener that it changes; none where Envoy Gateway refuses its path.</summary>
    public IReadOnlyList<FilterChoice> Filters { get; private init; } = [];

    /// <summary>What Envoy Gateway says to its JSONPath; null where it takes it.</summary>
    public JsonPathException? Refused { get; private init; }

    /// <summary>Why its JSONPath is not followed; null where it is.</summary>
    public string? NotFollowed { get; private init; }

    /// <summary>Reads those of all objects.</summary>
    public static IEnumerable<WrittenPatch> Read(IEnumerable<KubernetesObject> objects)
    {
        Dictionary<(string Type, string? JsonPath, string? Path), WrittenPatch> known = [];
        return
            from policy in objects
            where policy.IsA("gateway.envoyproxy.io", "EnvoyPatchPolicy")
            orderby KubernetesScalar.NumberOf(policy.Spec?.TextOf("priority") ?? "0")
            from patch in policy.Spec?.ItemsOf("jsonPatches") ?? []
            where patch["operation"] is not null
            select Followed(new(policy, patch.TextOf("type") ?? "", patch.TextOf("name") ?? "", patch["operation"]!), known);
    }

    /// <summary>Whether it writes one of these fields into a resource, or may: one whose path is not followed is taken for one that does.</summary>
    /// <param name="type">The resource's type URL.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="fields">The fields.</param>
    public bool MayWrite(string type, string name, params string[] fields) =>
        Type == type && Name == name && Refused is null && Operation.TextOf("op") is not ("remove" or "test")
        && (NotFollowed is not null || fields.Any(field => TextOf(Operation).Contains(field, StringComparison.Ordinal)));

    private static string TextOf(KubernetesValue operation) => $"{operation.TextOf("jsonPath")}/{operation.TextOf("path")?.TrimStart('/')}";

    /// <summary>Many patches have the same path, which is followed once.</summary>
    private static WrittenPatch Followed(WrittenPatch written, Dictionary<(string Type, string? JsonPath, string? Path), WrittenPatch> known)
    {
        var path = (written.Type, written.Operation.TextOf("jsonPath"), written.Operation.TextOf("path"));
        if (!known.TryGetValue(path, out WrittenPatch? followed))
        {
            known[path] = followed = Followed(written);
        }

        return followed with { Policy = written.Policy, Name = written.Name, Operation = written.Operation };
    }

    private static WrittenPatch Followed(WrittenPatch written)
    {
        try
        {
            IReadOnlyList<PathStep> way = PatchWay.StepsOf(written.Operation);
            written = written with { Way = way };
            return written.Type == ListenerPatch.ListenerType ? written with { Filters = FilterChoice.All(way, TextOf(written.Operation)) } : written;
        }
        catch (JsonPathException refused)
        {
            return written with { Refused = refused };
        }
        catch (PathNotFollowedException gaveUp)
        {
            return written with { NotFollowed = gaveUp.Message };
        }
    }
}
