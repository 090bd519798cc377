namespace PolicyValidator.Inputs.LibYaml;

/// <summary>What is YAML and cannot become the JSON that Kubernetes stores.</summary>
internal static class GoDocument
{
    /// <summary>Looks through a document.</summary>
    /// <exception cref="SyntaxException">Something in it cannot.</exception>
    public static void Check(Node node)
    {
        switch (node)
        {
            case SequenceNode sequence:
                foreach (Node item in sequence.Items)
                {
                    Check(item);
                }

                break;
            case MappingNode mapping:
                foreach (MappingEntry entry in mapping.Entries)
                {
                    CheckMerge(entry);
                    Check(entry.Value);
                }

                break;
            case ScalarNode scalar when GoScalar.Of(scalar) is (GoKind.Float, "NaN" or "Infinity" or "-Infinity"):
                throw Refusal.At(scalar.UseSpan.Start, scalar.UseSpan.End, "a number that JSON has not", "write a finite number, or put the text in quotes");
        }
    }

    private static void CheckMerge(MappingEntry entry)
    {
        bool isMapping = entry.Value is MappingNode || (entry.Value is SequenceNode list && list.Items.All(item => item is MappingNode));
        if (GoScalar.IsMerge(entry.Key) && !isMapping)
        {
            throw Refusal.At(entry.Key.UseSpan.Start, entry.Key.UseSpan.End, "a '<<' with something else than a mapping", "give it an alias of a mapping or a list of such, or put the key in quotes");
        }
    }
}
