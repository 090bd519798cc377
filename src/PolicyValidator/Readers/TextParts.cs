using System.Buffers.Text;
using System.Text;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>The documents of the texts that stand inside values: blocks, quoted strings, base64; also one inside the other.</summary>
/// <param name="around">The document of the values.</param>
/// <param name="builder">Where the documents go.</param>
/// <param name="isPatch">Whether the texts are patches, in which an object is half of one.</param>
internal sealed class TextParts(SourceDocument around, PolicyBuilder builder, bool isPatch = false)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a value may stand for a text of ext_proc. Cheap: most values are no such text.</summary>
    public static bool MayBe(ScalarNode scalar) =>
        ExtProcWords.MayBeIn(scalar.Value) || IsServerFile(scalar) || ExtProcWords.MayBeInBase64(scalar.Value);

    /// <summary>Reads a value that <see cref="MayBe"/> one.</summary>
    public void Add(ScalarNode scalar)
    {
        string name = scalar.Entry?.Key.Value ?? "";
        if (ExtProcWords.MayBeIn(scalar.Value) || IsServerFile(scalar))
        {
            Add(scalar, name, scalar.Value);
        }
        else if (Decoded(scalar.Value) is { } decoded && ExtProcWords.MayBeIn(decoded))
        {
            Add(scalar, name, decoded);
        }
    }

    /// <summary>Reads a value that stands for a text.</summary>
    /// <param name="scalar">The value.</param>
    /// <param name="name">What the text is called.</param>
    /// <param name="text">The text: the value, or what it is the base64 of.</param>
    public void Add(ScalarNode scalar, string name, string text)
    {
        if (around.Nesting == InputLimits.MaxNesting)
        {
            AddUnread(scalar, text, scalar.UseSpan, $"text in more than {InputLimits.MaxNesting} other texts", "take it out of some of them");
            return;
        }

        bool isFile = Path.GetExtension(name) is ".yaml" or ".yml" or ".json";
        foreach (SourceDocument part in EmbeddedText.Read(around, scalar, name, builder.Cancellation, ReferenceEquals(text, scalar.Value) ? null : text))
        {
            foreach (SyntaxProblem problem in part.Problems)
            {
                AddUnread(scalar, text, problem.Span, problem.Message, problem.Help);
            }

            if (part is { Root: MappingNode or SequenceNode, Problems: [] } && !IsCopyOfHolder(part.Root, scalar))
            {
                Add(part with { IsPart = around.IsPart || !(isFile || EnvoyShape.IsBootstrap(part.Root)) });
            }
        }
    }

    private void Add(SourceDocument part)
    {
        if (isPatch && KubernetesObject.Is(part.Root))
        {
            WrappedParts.Collect(part, builder, isPatch);
        }
        else
        {
            builder.AddPart(part);
        }
    }

    /// <summary>Of the many texts that are no YAML only those are told in which a message of ext_proc may stand.</summary>
    private void AddUnread(ScalarNode scalar, string text, SourceSpan span, string message, string help)
    {
        if (ExtProcWords.NamesTypeIn(text))
        {
            builder.Add([new ConfigProblem(ProblemKind.UnreadText, around, span, scalar.Pointer, message, help)]);
        }
    }

    /// <summary>Our server's own file need not say whose it is.</summary>
    private static bool IsServerFile(ScalarNode scalar) => scalar.Entry?.Key.Value is "extproc.yaml" or "extproc.yml";

    /// <summary>What somebody applied last, which kubectl and others keep in an annotation of the object itself, is no second object.</summary>
    private static bool IsCopyOfHolder(Node part, Node? scalar)
    {
        while (scalar is not null && !KubernetesObject.Is(scalar))
        {
            scalar = scalar.Parent;
        }

        return scalar is MappingNode holder && part is MappingNode copy && KubernetesObject.Is(copy)
            && copy["kind"].Text == holder["kind"].Text && (copy["metadata"] as MappingNode)?["name"].Text == (holder["metadata"] as MappingNode)?["name"].Text;
    }

    private static string? Decoded(string base64)
    {
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        try
        {
            return Convert.TryFromBase64String(base64, bytes, out int written) ? StrictUtf8.GetString(bytes.AsSpan(0, written)) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
