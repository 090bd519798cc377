using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>
/// One rule: everything that is said about it anywhere is a property of its class. <see cref="Bad"/> marks the lines at which it is
/// reported with a comment that is the rule's id; for a rule with a fix, <see cref="Good"/> is exactly what the fix makes of it.
/// </summary>
public abstract class Rule
{
    /// <summary>Such as <c>EP001</c>; never given to another rule.</summary>
    public abstract string Id { get; }

    /// <summary>Names the defect, in words with hyphens: "allow <c>full-duplex-needs-trailers</c>" must read right.</summary>
    public abstract string Name { get; }

    /// <summary>How bad it is where the configuration is static.</summary>
    public abstract Severity Severity { get; }

    /// <summary>Whether findings come with a fix.</summary>
    public virtual FixSafety Fix => FixSafety.None;

    /// <summary>One sentence: what the rule asks for.</summary>
    public abstract string Summary { get; }

    /// <summary>One or two sentences: what happens otherwise.</summary>
    public abstract string Why { get; }

    /// <summary>Where the rule comes from: a proto field, an Envoy source file, an Envoy issue.</summary>
    public abstract IReadOnlyList<string> Sources { get; }

    /// <summary>The Envoy versions in which what it finds is wrong; all that are known by default.</summary>
    public virtual VersionSet Versions => VersionSet.All;

    /// <summary>The target under which <see cref="Bad"/> shows the rule; the newest by default.</summary>
    public virtual Target ExampleTarget => Target.Newest;

    /// <summary>Whether all that it finds are names that are not known, which a release newer than the known ones may have.</summary>
    public virtual bool IsAboutNames => false;

    /// <summary>Whether it speaks of what the other rules did, so that it comes after all of them.</summary>
    public virtual bool SpeaksOfRun => false;

    /// <summary>A document that the rule reports.</summary>
    public abstract string Bad { get; }

    /// <summary>The document put right.</summary>
    public abstract string Good { get; }

    /// <summary>Looks at all documents of the run. Called only when the target is among <see cref="Versions"/>.</summary>
    public abstract IEnumerable<Finding> Check(RuleContext context);

    /// <summary>Makes a finding at a value.</summary>
    protected Finding At(SourceDocument document, Node node, string message, string help) =>
        new(this, Severity, document.Source, node.UseSpan, node.Pointer, message, help) { Document = document };

    /// <summary>Makes a finding at a field: at its value, or where it would stand.</summary>
    protected Finding At(SourceDocument document, Place place, string message, string help) =>
        new(this, Severity, document.Source, place.Span, place.Pointer, message, help) { Document = document };

    /// <summary>Makes a finding at the key of a field: for lists, messages, and fields that should not be there at all.</summary>
    protected Finding AtKey(SourceDocument document, Place place, string message, string help) =>
        (place.Node ?? place.Container) is { } node ? AtKey(document, node, message, help) : At(document, place, message, help);

    /// <summary>Makes a finding at the key that a value stands under; an item of a list counts for the whole list.</summary>
    protected Finding AtKey(SourceDocument document, Node node, string message, string help)
    {
        while (node is { Entry: null, Parent: { } parent })
        {
            node = parent;
        }

        return new(this, Severity, document.Source, node.Entry?.Key.UseSpan ?? node.UseSpan, node.Pointer, message, help) { Document = document };
    }
}

/// <summary>What a rule may look at.</summary>
/// <param name="Policies">Everything that was read.</param>
/// <param name="Target">The Envoy that is asked about.</param>
public sealed record RuleContext(PolicySet Policies, Target Target);
