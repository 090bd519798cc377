using PolicyValidator.Files;

namespace PolicyValidator.Cli;

/// <summary>A path to read.</summary>
/// <param name="Path">As the user gave it, or as it was found below a directory; <c>-</c> for standard input.</param>
/// <param name="Within">For a file that was found, where it must really lie; null for one that was named, which may lie anywhere where no link of a checkout leads out of that.</param>
internal sealed record InputPath(string Path, Boundary? Within = null);
