namespace PolicyValidator.Tests.Reporting;

public sealed class GithubReporterTests
{
    private static readonly string[] Lines = ReportExample.Written("github", ReportExample.Report).Split('\n');

    [Fact]
    public void A_finding_is_one_command_and_the_worst_come_first()
    {
        Assert.Equal(["::error ", "::warning ", "::notice ", ""], Lines.Select(line => line[..(line.IndexOf(' ', StringComparison.Ordinal) + 1)]));
        Assert.StartsWith("::notice file=sub/odd%3A 100%25%2C naïve.yaml,line=1,endLine=1,col=4,endColumn=5,title=EP001 full-duplex-needs-trailers::worth knowing%0A", Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_a_message_ends_the_command_early()
    {
        Assert.Contains("::50%25 <odd> & \"quoted\"%0D%0Afound, here: there", Lines[0], StringComparison.Ordinal);
        Assert.EndsWith("%0Ahelp: write this", Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_of_several_lines_has_no_columns()
    {
        var report = ReportExample.Report;
        var finding = report.Files[0].Findings[0] with { Span = new(0, 8) };
        string line = ReportExample.Written("github", report with { Files = [report.Files[0] with { Findings = [finding] }] });
        Assert.Contains(",line=1,endLine=2,title=", line, StringComparison.Ordinal);
    }
}
