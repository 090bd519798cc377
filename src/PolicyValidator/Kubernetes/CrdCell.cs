using PolicyValidator.Rules;

namespace PolicyValidator.Kubernetes;

/// <summary>A line of a <see cref="CrdTable"/>.</summary>
/// <param name="Schema">What is asked of the field.</param>
/// <param name="Since">The first release that asks it; null for the oldest.</param>
/// <param name="Until">The last release that asks it; null for the newest.</param>
internal sealed record CrdCell(CrdSchema Schema, ProductVersion? Since, ProductVersion? Until);
