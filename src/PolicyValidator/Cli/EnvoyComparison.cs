using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Cli;

/// <summary>Asks a real Envoy about the files of a report, and says of each what was asked, what was not, and where it disagrees with us.</summary>
internal sealed class EnvoyComparison(RealEnvoy envoy, TextWriter error)
{
    private const string NotByItself = "Envoy does not read this kind by itself";

    private enum Outcome
    {
        /// <summary>Envoy was not asked, or what it said tells nothing of our verdict.</summary>
        NotCompared,

        /// <summary>The same verdict, and where it is a refusal, for the same thing.</summary>
        Agrees,

        /// <summary>Another verdict, or another reason.</summary>
        Disagrees,
    }

    /// <summary>Asks about all files.</summary>
    /// <returns>Whether it disagrees about any.</returns>
    public bool Disagrees(IEnumerable<FileReport> files)
    {
        if (envoy.Target is not { } target)
        {
            error.Write($"Envoy {envoy.Said} is not a release that is known here ({Target.Allowed}); it was not asked\n");
            return false;
        }

        Outcome[] outcomes = [.. files.Select(file => Compare(file, target))];
        error.Write(Summary(outcomes) + "\n");
        return outcomes.Contains(Outcome.Disagrees);
    }

    private string Summary(Outcome[] outcomes)
    {
        int disagrees = outcomes.Count(each => each == Outcome.Disagrees), agrees = outcomes.Count(each => each == Outcome.Agrees);
        string of = outcomes.Length == 1 ? "1 file" : $"{outcomes.Length} files";
        return disagrees > 0 ? $"Envoy {envoy.Said} disagrees about {disagrees} of {of}: a defect of policy-validator"
            : agrees == outcomes.Length ? $"Envoy {envoy.Said} agrees about {of}"
            : agrees > 0 ? $"Envoy {envoy.Said} agrees about {agrees} of {of}; the others were not compared"
            : $"nothing in {of} was compared with Envoy {envoy.Said}";
    }

    /// <summary>A file is as good as the worst of its documents.</summary>
    private Outcome Compare(FileReport file, Target target)
    {
        EnvoyQuestions questions = new(file.Source, target);
        Outcome[] outcomes = [.. questions.Documents().SelectMany(each => Compare(file, questions, each.Document, each.Question))];
        if (outcomes.Length == 0)
        {
            Say(file, $"not asked about the file: {(questions.HasExtProc ? NotByItself : "there is nothing of ext_proc in it")}");
        }

        return outcomes.Contains(Outcome.Disagrees) ? Outcome.Disagrees
            : outcomes.Length == 0 || outcomes.Contains(Outcome.NotCompared) ? Outcome.NotCompared
            : Outcome.Agrees;
    }

    private IEnumerable<Outcome> Compare(FileReport file, EnvoyQuestions questions, SourceDocument document, EnvoyQuestion question)
    {
        yield return Compare(file, question);
        foreach (EnvoyQuestion piece in question.Text is not null && question.Errors.Count > 0 ? questions.Pieces(document) : [])
        {
            yield return Compare(file, piece);
        }
    }

    private Outcome Compare(FileReport file, EnvoyQuestion question)
    {
        if (question.Text is null)
        {
            Say(file, $"not asked about {question.About}: {question.NotAsked ?? NotByItself}");
            return Outcome.NotCompared;
        }

        (Outcome outcome, string words) = Judge(Ask(question.Text, question.Format), question.Errors);
        Say(file, $"asked about {question.About}: {words}");
        return outcome;
    }

    private (Outcome Outcome, string Words) Judge(EnvoyReason? reason, IReadOnlyList<Finding> errors) => (reason, errors.Count) switch
    {
        (null, 0) => (Outcome.Agrees, $"Envoy {envoy.Said} accepts it"),
        (null, _) => (Outcome.Disagrees, $"Envoy {envoy.Said} accepts it, but an error was found in it ({Ids(errors)})"),
        ({ } said, _) when errors.FirstOrDefault(said.IsAbout) is { } same => (Outcome.Agrees, $"Envoy {envoy.Said} refuses it for the same thing as {same.Rule.Id}: {said.Text}"),
        ({ IsOurs: true } said, 0) => (Outcome.Disagrees, $"Envoy {envoy.Said} refuses it, but no error was found in it: {said.Text}"),
        ({ IsOurs: true } said, _) => (Outcome.Disagrees, $"Envoy {envoy.Said} refuses it for something else than what was found ({Ids(errors)}): {said.Text}"),
        ({ } said, _) => (Outcome.NotCompared, $"Envoy {envoy.Said} refuses it for something that is not judged here, and looks no further: {said.Text}"),
    };

    private static string Ids(IEnumerable<Finding> errors) => string.Join(", ", errors.Select(each => each.Rule.Id).Distinct());

    private EnvoyReason? Ask(string text, SourceFormat format)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("policy-validator-");
        try
        {
            string file = Path.Combine(folder.FullName, format == SourceFormat.Json ? "envoy.json" : "envoy.yaml");
            File.WriteAllText(file, text);
            return envoy.Refuses(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private void Say(FileReport file, string text) => error.Write($"{DisplayText.AtStartOfLine(file.Source.Name)}: {DisplayText.Safe(file.Discreetly(text))}\n");
}
