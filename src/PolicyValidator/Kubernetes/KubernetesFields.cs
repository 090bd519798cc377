using System.Collections;

namespace PolicyValidator.Kubernetes;

/// <summary>The members of an object, in the order of the text; of a repeated name the last one.</summary>
internal sealed class KubernetesFields : IReadOnlyList<KubernetesField>
{
    /// <summary>No members.</summary>
    public static readonly KubernetesFields None = new([]);

    private readonly OrderedDictionary<string, KubernetesField> byName = new(StringComparer.Ordinal);

    /// <param name="all">The members as they are written: what comes later wins.</param>
    public KubernetesFields(IEnumerable<KubernetesField> all)
    {
        foreach (KubernetesField field in all)
        {
            byName[field.Name] = field;
        }
    }

    /// <inheritdoc/>
    public int Count => byName.Count;

    /// <inheritdoc/>
    public KubernetesField this[int index] => byName.GetAt(index).Value;

    /// <summary>A member; null when there is none.</summary>
    public KubernetesField? Find(string name) => byName.GetValueOrDefault(name);

    /// <inheritdoc/>
    public IEnumerator<KubernetesField> GetEnumerator() => byName.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
