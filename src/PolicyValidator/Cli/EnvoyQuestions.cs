using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Cli;

/// <summary>A piece of a file that Envoy can be asked about.</summary>
/// <param name="About">What it is: <c>the file</c>, <c>document 2</c>, <c>the ExternalProcessor at line 7</c>.</param>
/// <param name="Text">A whole file for Envoy with the piece in it; null when Envoy does not read such a piece.</param>
/// <param name="Format">The language of that text.</param>
/// <param name="Errors">The errors that were found in the piece.</param>
internal sealed record EnvoyQuestion(string About, string? Text, SourceFormat Format, IReadOnlyList<Finding> Errors)
{
    /// <summary>Why Envoy is not asked, where it is for another reason than that it does not read such a piece.</summary>
    public string? NotAsked { get; init; }
}

/// <summary>What of a file Envoy can be asked about, judged for the release that is asked.</summary>
internal sealed class EnvoyQuestions
{
    /// <summary>Configurations of one document that are asked about one by one.</summary>
    private const int MostPieces = 20;

    private readonly SourceText source;
    private readonly Target target;
    private readonly LintResult result;

    public EnvoyQuestions(SourceText source, Target target) =>
        (this.source, this.target, result) = (source, target, Linter.Lint([source], target, new LintOptions()));

    /// <summary>Whether there is anything of ext_proc in the file.</summary>
    public bool HasExtProc => FoundExtProc.In(result.Policies)[source].Any();

    /// <summary>The documents that hold anything of ext_proc, and those that may and could not be read.</summary>
    public IEnumerable<(SourceDocument Document, EnvoyQuestion Question)> Documents() =>
        from document in result.Policies.Documents
        where document.Problems.Count > 0 || Configs(document).Any()
        select (document, new EnvoyQuestion(NameOf(document), TextFor(document), document.Format, ErrorsIn(document)));

    /// <summary>Of a file with several documents Envoy reads the first; one that is broken cannot be taken out of it.</summary>
    private string? TextFor(SourceDocument document) => document.Root is not null || result.Policies.Documents.Count == 1 ? EnvoySkeleton.Around(document) : null;

    /// <summary>
    /// The configurations of a document, each in a file of its own, where there are several: then a refusal of the whole does not tell which
    /// of them is meant.
    /// </summary>
    public IEnumerable<EnvoyQuestion> Pieces(SourceDocument document)
    {
        MappingNode[] configs = [.. Configs(document).Select(config => config.Node).OfType<MappingNode>().Where(IsWrittenHere)];
        IEnumerable<EnvoyQuestion> asked = configs.Length < 2 ? [] : configs.Take(MostPieces).Select(config => Piece(document, config));
        return configs.Length <= MostPieces ? asked : asked.Append(Rest(configs[MostPieces], configs.Length - MostPieces, document.Format));
    }

    private EnvoyQuestion Rest(MappingNode first, int count, SourceFormat format) =>
        new($"{count} more by themselves, from line {source.PositionAt(first.Span.Start).Line} on", null, format, []) { NotAsked = $"of one document at most {MostPieces} are; split it to have all of them asked about" };

    private EnvoyQuestion Piece(SourceDocument document, MappingNode config)
    {
        SourcePosition at = source.PositionAt(config.Span.Start);
        string text = new string(' ', document.Format == SourceFormat.Yaml ? at.Column - 1 : 0) + source.TextOf(config.Span);
        SourceText alone = new($"piece.{(document.Format == SourceFormat.Json ? "json" : "yaml")}", text);
        LintResult found = Linter.Lint([alone], target, new LintOptions());
        return new(
            $"the {config["@type"].Text!.Split('.')[^1]} at line {at.Line}",
            found.Policies.Documents is [{ Root: not null } read] ? EnvoySkeleton.Around(read) : null,
            document.Format,
            Errors(found));
    }

    private IEnumerable<ConfigMessage> Configs(SourceDocument document) =>
        result.Policies.Filters.Select(filter => (filter.Document, filter.Config))
            .Concat(result.Policies.Overrides.Select(route => (route.Document, route.Config)))
            .Where(each => each.Document.Index == document.Index)
            .Select(each => each.Config);

    /// <summary>What an alias or a product puts together does not stand in the text in one piece.</summary>
    private static bool IsWrittenHere(MappingNode config) => config.Origin is null && config["@type"] is ScalarNode && NodeTree.All(config).All(node => node.AliasSpan is null);

    private string NameOf(SourceDocument document) => result.Policies.Documents.Count == 1 ? "the file" : $"document {document.Index + 1}";

    private Finding[] ErrorsIn(SourceDocument document) =>
        [.. Errors(result).Where(error => result.Policies.Documents.Count == 1 || error.Document?.Index == document.Index)];

    /// <summary>What a comment hides from the report is still what we say of the file.</summary>
    private static Finding[] Errors(LintResult result) =>
        [.. result.Findings.Concat(result.Suppressed.Select(each => each.Finding)).Where(finding => finding.Severity == Severity.Error)];
}
