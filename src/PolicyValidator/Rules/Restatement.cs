using PolicyValidator.Inputs;

namespace PolicyValidator.Rules;

/// <summary>Findings about what a product makes of the user's text, in the user's words.</summary>
internal sealed class Restatement
{
    private readonly FieldSpelling spelling = new();

    /// <summary>The finding as it is to be told; null where the user cannot help it.</summary>
    public Finding? Of(Finding finding) => finding.Document switch
    {
        { Translation: { } translation } document => Of(finding, document, translation),
        { HasOtherForm: true } => finding with { Fix = null },
        _ => spelling.Of(finding),
    };

    private static Finding? Of(Finding finding, SourceDocument document, Translation translation)
    {
        string? help = translation.Help.TryGetValue(finding.Rule.Id, out string? own) ? own : translation.InItsNames(finding.Help);
        string message = translation.InItsNames(finding.Message);
        bool isEditable = translation.IsUsersOwn && !document.HasOtherForm;
        return help is null ? null : finding with
        {
            Message = translation.IsUsersOwn ? message : $"{message}, as {translation.Product} makes it",
            Help = help,
            Fix = isEditable && finding.Fix is { } fix ? fix with { Title = translation.InItsNames(fix.Title) } : null,
            Related = [.. finding.Related.Select(place => place with { Message = translation.InItsNames(place.Message) }), .. PartsOf(translation)],
        };
    }

    /// <summary>What was put together out of several documents names the places of all.</summary>
    private static IEnumerable<RelatedPlace> PartsOf(Translation translation) =>
        translation.Parts.Select(part => RelatedPlace.At(part.Document, part.Node, part.Words));
}
