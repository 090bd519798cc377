using PolicyValidator.Inputs;
using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>A file that was read, or why it was not.</summary>
/// <param name="Path">As the user gave it, or as it was found below a directory; <c>-</c> for standard input.</param>
/// <param name="Source">Its text without a byte order mark; null when it could not be read.</param>
/// <param name="Problem">Why it could not be read; null when it was.</param>
/// <param name="HasByteOrderMark">Whether to write the mark again.</param>
internal sealed record InputFile(string Path, SourceText? Source, string? Problem, bool HasByteOrderMark)
{
    /// <summary>Why it is passed over rather than called unreadable; null where it is not.</summary>
    public PassedOverReason? PassedOver { get; init; }

    /// <summary>Whether ext_proc is spoken of in a file that could not be read, as far as can be told.</summary>
    public bool IsOurs { get; init; } = true;

    /// <summary>The path that means standard input.</summary>
    public const string StandardInput = "-";
}
