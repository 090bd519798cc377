using PolicyValidator.Inputs;

namespace PolicyValidator.Fixes;

/// <summary>A change of the text that makes a finding go away.</summary>
/// <param name="Title">What it does, as a command: <c>set request_trailer_mode to SEND</c>.</param>
/// <param name="Safe">True when it keeps the meaning or fills in the only thing that Envoy accepts; false when it is a choice.</param>
/// <param name="Edits">The changes, in the order of the text, not overlapping.</param>
public sealed record Fix(string Title, bool Safe, IReadOnlyList<TextEdit> Edits);

/// <summary>Replaces a stretch of the text; an empty span inserts.</summary>
public sealed record TextEdit(SourceSpan Span, string NewText);
