using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Readers;

/// <summary>The values of a document on the way to what may be of ext_proc, found in one pass, so that a search goes nowhere else.</summary>
internal sealed class ExtProcTrail
{
    private readonly HashSet<Node> steps = [];

    private ExtProcTrail()
    {
    }

    /// <summary>
    /// The ways from a value inward: to texts that speak of ext_proc, and to Kubernetes objects, whose readers know what they look for.
    /// What an alias repeats is found where it is written.
    /// </summary>
    public static ExtProcTrail In(Node root)
    {
        ExtProcTrail trail = new();
        foreach (Node node in Written(root))
        {
            if (node is ScalarNode scalar ? TextParts.MayBe(scalar) : node != root && KubernetesObject.Is(node))
            {
                trail.Mark(node, root);
            }
        }

        return trail;
    }

    /// <summary>Whether a type of ext_proc is named in a value or inside it.</summary>
    public static bool NamesType(Node root) => Written(root).Any(node => node is ScalarNode scalar && ExtProcWords.NamesTypeIn(scalar.Value));

    /// <summary>Whether there may be anything at a value or inside it.</summary>
    public bool LeadsThrough(Node node) => steps.Contains(node);

    /// <summary>What is written there, not what aliases repeat.</summary>
    private static IEnumerable<Node> Written(Node root) => NodeTree.All(root).Where(node => node.AliasSpan is null);

    private void Mark(Node found, Node root)
    {
        for (Node? node = found; node is not null && steps.Add(node) && node != root; node = node.Parent)
        {
        }
    }
}
