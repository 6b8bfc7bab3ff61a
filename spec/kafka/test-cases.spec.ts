import { testMethodsIn } from '../../kafka/test-cases'

const LINES = `
  public void setUp();
    RuntimeVisibleAnnotations:
      0: #10()
        org.junit.jupiter.api.BeforeEach

  public void testFull() throws java.lang.Exception;
    Code:
         0: aload_0
         1: invokevirtual #2 // Method org/junit/jupiter/api/Test.x:()V
    RuntimeVisibleAnnotations:
      0: #20()
        org.junit.jupiter.api.Test

  private static void helper(int, java.lang.String);
    Code:
         0: return

  void oneOfMany(boolean);
    RuntimeVisibleAnnotations:
      0: #30()
        org.junit.jupiter.params.ParameterizedTest
      1: #31(#32=[Z#33])
        org.junit.jupiter.params.provider.ValueSource(
          booleans=[true,false]
        )

  public void named();
    RuntimeVisibleAnnotations:
      0: #40(#41=s#42)
        org.junit.jupiter.params.ParameterizedTest(
          name="x"
        )
`

describe('the cases of a Java test class', () => {
  it('are its methods that JUnit runs, in their order, and not those around them', () => {
    expect(testMethodsIn(LINES)).toEqual(['testFull', 'oneOfMany', 'named'])
  })
})
