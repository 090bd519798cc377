using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>Finds the Kubernetes objects of a run by their group and kind, and by their names.</summary>
internal sealed class ObjectIndex
{
    private readonly UnjudgedParts unjudged;
    private readonly Dictionary<(string Group, string Kind), KubernetesObject[]> byKind;
    private readonly Dictionary<(string Group, string Kind, string Namespace, string Name), KubernetesObject[]> byName;

    public ObjectIndex(IReadOnlyList<KubernetesObject> objects, UnjudgedParts unjudged)
    {
        this.unjudged = unjudged;
        byKind = objects.GroupBy(found => (found.Group, found.Kind)).ToDictionary(same => same.Key, same => same.ToArray());
        byName = objects.GroupBy(found => (found.Group, found.Kind, found.Namespace, found.Name)).ToDictionary(same => same.Key, same => same.ToArray());
    }

    /// <summary>All of a kind, in the order in which they were read.</summary>
    public IReadOnlyList<KubernetesObject> Of(string group, string kind) => byKind.GetValueOrDefault((group, kind), []);

    /// <summary>Those of a name: several where overlays for several clusters have one each. Of very many the first.</summary>
    public IReadOnlyList<KubernetesObject> Named(string group, string kind, string @namespace, string? name) =>
        name is null ? [] : unjudged.First(
            byName.GetValueOrDefault((group, kind, @namespace, name), []),
            PolicySet.MostOfOneName,
            () => $"objects of kind {kind} with the name {@namespace}/{name}",
            found => (found.Document, (found.Value["metadata"]?["name"] ?? found.Value).Node));
}
