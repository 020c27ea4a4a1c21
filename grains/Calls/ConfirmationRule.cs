namespace OrleansCallback.Calls;

/// <summary>Whether a person is on the phone: only who presses 1 while or after it is asked for. Silence and any other key are asked again.</summary>
public sealed class ConfirmationRule(Confirmation asked)
{
    const char Wanted = '1';

    int repeats = asked.Repeats;

    /// <summary>A key was pressed.</summary>
    public ConfirmationStep Press(char key) => key == Wanted ? ConfirmationStep.Confirmed : AskAgain();

    /// <summary>The time after the request is over.</summary>
    public ConfirmationStep TimeUp() => AskAgain();

    ConfirmationStep AskAgain() => repeats-- > 0 ? ConfirmationStep.Repeat : ConfirmationStep.NotConfirmed;
}

/// <summary>What is to be done with a leg that is asked to confirm.</summary>
public enum ConfirmationStep
{
    /// <summary>Say it again, and wait again.</summary>
    Repeat,
    /// <summary>A person is there.</summary>
    Confirmed,
    /// <summary>Hang up.</summary>
    NotConfirmed,
}
